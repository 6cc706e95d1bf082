# Writes finegray.json of this folder: Fine-Gray models with delayed entry, strata and an offset by coxph on the rows of
# finegray(), whose curves of censoring and of entry are unweighted; its strata have curves and baselines of their own.
# Run in this folder: Rscript finegray.R    (R 4.2.2, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data$status <- factor(ifelse(data$died == 1, data$cause, "alive"), levels = c("alive", "cancer", "heart", "other"))
data$id <- seq_len(nrow(data))
data$psus <- paste(data$strata, data$psu)
data$push <- data$x / 100
data$late_time <- pmin(data$late + data$x / 1000, data$time * 0.9)
weight <- data$weight / mean(data$weight)

fitted <- function(outcome, covariates, strata, ties) {
  right <- if (strata) ". + strata(flag)" else "."
  rows <- finegray(as.formula(paste(outcome, "~", right)), data, etype = "heart", id = id)
  model <- paste("Surv(fgstart, fgstop, fgstatus) ~", covariates, if (strata) "+ strata(flag)")
  rows$w <- rows$fgwt * weight[rows$id]
  fit <- coxph(as.formula(model), rows, weights = w, ties = ties, robust = FALSE, control = control)
  totals <- rowsum(resid(fit, "dfbeta", weighted = TRUE), rows$psus)
  hazard <- basehaz(fit, centered = FALSE)
  list(coefficients = unname(coef(fit)), naive = unname(fit$var), psus = rownames(totals), totals = unname(totals),
       loglik = fit$loglik, hazard = max(hazard$hazard[hazard$time <= 40]))
}
cases <- list(
  entry = list(entry = "late", time = "months", ties = "efron"),
  entry_breslow = list(entry = "late", time = "months", ties = "breslow"),
  entry_untied = list(entry = "late_time", time = "time", ties = "efron"),
  strata = list(time = "months", strata = "flag", ties = "efron"),
  entry_strata = list(entry = "late", time = "months", strata = "flag", ties = "breslow"),
  offset = list(time = "months", offset = "push", ties = "efron"),
  entry_strata_offset = list(entry = "late", time = "months", strata = "flag", offset = "push", ties = "efron")
)
models <- lapply(cases, function(case) {
  outcome <- if (is.null(case$entry)) sprintf("Surv(%s, status)", case$time) else
    sprintf("Surv(%s, %s, status)", case$entry, case$time)
  covariates <- paste("age + x", if (is.null(case$strata)) "+ flag", if (!is.null(case$offset)) "+ offset(push)")
  c(list(asked = case), fitted(outcome, covariates, !is.null(case$strata), case$ties))
})
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                models = models), "finegray.json", digits = NA, auto_unbox = TRUE, null = "null")
