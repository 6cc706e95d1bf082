# Writes nhanes.json: Cox models, proportional hazards and survival on 2003-2006 by R's survey and survival packages.
# Run: Rscript nhanes.R people.csv, where people.csv is what people_2003() of tests/models/test_cox_nhanes.py returns
# from public files of CDC, written by DataFrame.to_csv(index=False) (it is not kept here). R 4.2.2, survey 4.1-1,
# survival 3.5-3. Surv(zero, time, event) spares svycoxph a quadratic path; the results are those of Surv(time, event).
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
people <- read.csv(commandArgs(TRUE)[1])
people$zero <- 0
knots <- c(20, 25, 30, 38)
p3 <- function(u) ifelse(u > 0, u^3, 0)
for (j in 1:2) people[[paste0("s", j)]] <- (p3(people$bmi - knots[j]) -
  p3(people$bmi - knots[3]) * (knots[4] - knots[j]) / (knots[4] - knots[3]) +
  p3(people$bmi - knots[4]) * (knots[3] - knots[j]) / (knots[4] - knots[3])) / (knots[4] - knots[1])^2
people$male <- as.integer(people$sex == "male")
design_of <- function(rows) {
  subset(svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = rows, nest = TRUE), adult == 1 & weight > 0)
}
design <- design_of(people)
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
fitted <- function(formula, on = design) {
  eval(bquote(svycoxph(.(as.formula(formula)), on, method = "efron", control = control)))
}
result <- function(formula) {
  fit <- fitted(formula)
  list(coefficients = unname(coef(fit)), se = unname(SE(fit)), terms = names(coef(fit)), n = fit$n, events = fit$nevent,
       df = degf(fit$survey.design))
}
split <- people
split <- split[split$adult == 1 & split$weight > 0, c("strata", "psu", "weight", "age", "male", "died", "zero", "months", "adult")]
split <- survSplit(Surv(zero, months, died) ~ ., split, cut = sort(unique(split$months[split$died == 1])), start = "begin")
split$age_g <- split$age * log(split$months)
split$male_g <- split$male * log(split$months)
slopes <- fitted("Surv(begin, months, died) ~ age + male + age_g + male_g", design_of(split))
km <- svykm(Surv(months, died) ~ 1, design, se = FALSE)
at <- c(12, 60, 120, 180)
write_json(list(
  months = result("Surv(zero, months, died) ~ age + male + race + bmi + s1 + s2 + age:male"),
  age_as_time = result("Surv(enters, leaves, died) ~ male + race + bmi + s1 + s2"),
  age_as_time_strata = result("Surv(enters, leaves, died) ~ race + bmi + s1 + s2 + strata(sex, cycle)"),
  slopes = list(coefficients = unname(coef(slopes))[3:4], se = unname(SE(slopes))[3:4]),
  survival = list(time = at, survival = sapply(at, function(t) km$surv[max(which(km$time <= t))]))
), "nhanes.json", digits = I(17), auto_unbox = TRUE)
