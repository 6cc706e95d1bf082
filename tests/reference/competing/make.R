# Writes expected.json of this folder: cumulative incidences by survfit on several states, and Fine-Gray models by coxph:
# on the rows of finegray(), whose censoring curve is unweighted and pooled, and on rows split by hand at every event
# time, with censoring curves that are weighted, or of a cycle each (finegray's strata ask for Cox strata as well).
# Run in this folder: python make_inputs.py; Rscript make.R    (R 4.2.2, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data$status <- factor(ifelse(data$died == 1, data$cause, "alive"), levels = c("alive", "cancer", "heart", "other"))
data$id <- seq_len(nrow(data))
data$psus <- paste(data$strata, data$psu)

incidence <- function(formula, rows) {
  fit <- survfit(formula, rows, weights = weight, id = id)
  list(time = fit$time, values = unname(fit$pstate[, -1]), causes = fit$states[-1])
}
curves <- c(
  sapply(levels(data$group), function(level) incidence(Surv(months, status) ~ 1, data[data$group == level, ]),
         simplify = FALSE),
  list(untied = incidence(Surv(time, status) ~ 1, data), late = incidence(Surv(late, months, status) ~ 1, data))
)

covariates <- "age + x + flag + group"
fitted <- function(rows, w, ties) {
  rows$w <- w / mean(data$weight)
  fit <- coxph(as.formula(paste("Surv(start, stop, event) ~", covariates)), rows, weights = w, ties = ties,
               robust = FALSE, control = control)
  totals <- rowsum(resid(fit, "dfbeta", weighted = TRUE), rows$psus)
  hazard <- basehaz(fit, centered = FALSE)
  list(terms = names(coef(fit)), coefficients = unname(coef(fit)), naive = unname(fit$var), psus = rownames(totals),
       totals = unname(totals), loglik = fit$loglik, baseline = hazard[c(TRUE, diff(hazard$hazard) > 0), ])
}

# Weights G(t-) / G(b-) of who died at b of another cause, at every time t of a death of heart disease after b.
by_hand <- function(time, weight, by) {
  happened <- data$status != "alive"
  code <- match(data[[time]], sort(unique(data[[time]]))) - ifelse(happened, 0.2, 0)
  events <- sort(unique(data[[time]][data$status == "heart"]))
  codes <- match(events, sort(unique(data[[time]]))) - 0.2
  pieces <- lapply(split(data, data[[by]]), function(rows) {
    at <- code[rows$id]
    curve <- survfit(Surv(at, rows$status == "alive") ~ 1, weights = weight[rows$id])
    g <- function(t) c(1, curve$surv)[findInterval(t, curve$time) + 1]
    own <- data.frame(rows, start = 0, stop = rows[[time]], event = rows$status == "heart", share = 1)
    competing <- which(!rows$status %in% c("alive", "heart"))
    later <- do.call(rbind, lapply(competing, function(i) {
      after <- which(events > rows[[time]][i])
      if (!length(after)) return(NULL)
      data.frame(rows[rep(i, length(after)), ], start = c(rows[[time]][i], events[after][-length(after)]),
                 stop = events[after], event = FALSE, share = g(codes[after]) / g(at[i]))
    }))
    rbind(own, later)
  })
  rows <- do.call(rbind, pieces)
  rows[rows$share > 0, ]
}
data$everyone <- 1
expand <- finegray(Surv(months, status) ~ ., data, etype = "heart", id = id)
expand <- transform(expand, start = fgstart, stop = fgstop, event = fgstatus == 1)
one <- rep(1, nrow(data))
plain <- by_hand("months", one, "everyone")
models <- list(
  pooled_unweighted_efron = c(list(by = NULL, weighted = FALSE, ties = "efron", time = "months"),
                              fitted(expand, expand$weight * expand$fgwt, "efron")),
  pooled_unweighted_breslow = c(list(by = NULL, weighted = FALSE, ties = "breslow", time = "months"),
                                fitted(expand, expand$weight * expand$fgwt, "breslow"))
)
hand <- fitted(plain, plain$weight * plain$share, "efron")
stopifnot(max(abs(hand$coefficients / models[[1]]$coefficients - 1)) < 1e-10)  # the rows by hand are finegray's
for (ties in c("efron", "breslow")) for (by in c("cycle", "everyone")) for (weighted in c(TRUE, FALSE)) {
  if (by == "everyone" && !weighted) next
  rows <- by_hand("months", if (weighted) data$weight else one, by)
  name <- paste(by, if (weighted) "weighted" else "unweighted", ties, sep = "_")
  models[[name]] <- c(list(by = if (by == "cycle") "cycle", weighted = weighted, ties = ties, time = "months"),
                      fitted(rows, rows$weight * rows$share, ties))
}
rows <- by_hand("time", data$weight, "cycle")
models$untied_cycle_weighted <- c(list(by = "cycle", weighted = TRUE, ties = "efron", time = "time"),
                                  fitted(rows, rows$weight * rows$share, "efron"))
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                curves = curves, models = models), "expected.json", digits = NA, auto_unbox = TRUE, null = "null")
