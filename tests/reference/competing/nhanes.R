# Writes nhanes.json: incidences of the causes of death, Fine-Gray and cause-specific models of heart disease on 2001-2008.
# Run: Rscript nhanes.R people.csv, where people.csv is what people_2001() of tests/models/test_competing_nhanes.py
# returns from public files of CDC, written by DataFrame.to_csv(index=False) (it is not kept here).
# R 4.2.2, survey 4.1-1, survival 3.5-3.
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
people <- read.csv(commandArgs(TRUE)[1])
yes <- function(x) !is.na(x) & x == "True"
people$inside <- people$age_years >= 40 & yes(people$mortality_eligible) & people$analysis_weight > 0 &
  !is.na(people$followup_months_exam)
people$dead <- yes(people$died)
people$cause <- ifelse(!people$dead, "alive", ifelse(people$cause_of_death == "", "cause unknown", people$cause_of_death))
people$months <- people$followup_months_exam
people$female <- as.integer(people$sex == "female")
people$zero <- 0
used <- people[people$inside, ]
used$status <- factor(used$cause, levels = c("alive", setdiff(sort(unique(used$cause)), "alive")))
times <- c(12, 60, 120, 180)
curve <- summary(survfit(Surv(months, status) ~ 1, used, weights = analysis_weight), times = times)
incidence <- setNames(lapply(seq_along(curve$states)[-1], function(j) curve$pstate[, j]), curve$states[-1])

w <- used$analysis_weight / mean(used$analysis_weight)
keep <- data.frame(months = used$months, status = factor(ifelse(used$cause == "heart disease", "heart",
  ifelse(used$dead, "other", "alive")), levels = c("alive", "heart", "other")), age_years = used$age_years,
  female = used$female, cycle = used$cycle, w = w)
heart <- function(rows, w) {
  rows$w <- w
  fit <- coxph(Surv(start, stop, event) ~ age_years * female, rows, weights = w, ties = "efron", robust = FALSE,
               control = control)
  list(coefficients = unname(coef(fit)), n = nrow(used), events = fit$nevent)
}
pooled <- finegray(Surv(months, status) ~ ., keep, etype = "heart")
pooled <- transform(pooled, start = fgstart, stop = fgstop, event = fgstatus == 1)

# Who died of another cause stays with the share G(t-) / G(b-) of the cycle's weighted curve, split at every heart death.
keep$id <- seq_len(nrow(keep))
all_times <- sort(unique(keep$months))
code <- match(keep$months, all_times) - ifelse(keep$status != "alive", 0.2, 0)
events <- sort(unique(keep$months[keep$status == "heart"]))
codes <- match(events, all_times) - 0.2
split <- do.call(rbind, lapply(split(keep, keep$cycle), function(rows) {
  at <- code[rows$id]
  censoring <- survfit(Surv(at, rows$status == "alive") ~ 1, weights = rows$w)
  g <- function(t) c(1, censoring$surv)[findInterval(t, censoring$time) + 1]
  own <- data.frame(rows, start = 0, stop = rows$months, event = rows$status == "heart", share = 1)
  competing <- which(rows$status == "other")
  pieces <- lapply(competing, function(i) {
    after <- which(events > rows$months[i])
    if (!length(after)) return(NULL)
    data.frame(i = i, start = c(rows$months[i], events[after][-length(after)]), stop = events[after],
               share = g(codes[after]) / g(at[i]))
  })
  later <- do.call(rbind, pieces)
  rbind(own, data.frame(rows[later$i, ], start = later$start, stop = later$stop, event = FALSE, share = later$share))
}))
split <- split[split$share > 0, ]

people$heart <- people$cause == "heart disease"
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~analysis_weight, data = people, nest = TRUE), inside)
specific <- svycoxph(Surv(zero, months, heart) ~ age_years * female, design, method = "efron", control = control)
write_json(list(
  times = times, incidence = incidence, pooled_unweighted = heart(pooled, pooled$w * pooled$fgwt),
  cycle_weighted = heart(split, split$w * split$share),
  cause_specific = list(coefficients = unname(coef(specific)), se = unname(SE(specific)), df = degf(specific$survey.design))
), "nhanes.json", digits = I(17), auto_unbox = TRUE)
