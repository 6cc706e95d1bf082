# Writes offset.json of this folder: Cox models with an offset by coxph and svycoxph, on data.csv of make_inputs.py.
# Run in this folder: Rscript offset.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$fixed <- 0.02 * data$age
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
scaled <- data$weight / mean(data$weight[data$weight > 0])
made <- lapply(c(efron = "efron", breslow = "breslow"), function(ties) {
  fit <- eval(bquote(svycoxph(Surv(months, died) ~ x + flag + offset(fixed), design, method = .(ties), control = control)))
  plain <- coxph(Surv(months, died) ~ x + flag + offset(fixed), data, weights = scaled, subset = weight > 0, ties = ties,
                 robust = FALSE, control = control)
  list(terms = names(coef(fit)), coefficients = unname(coef(fit)), covariance = unname(vcov(fit)), loglik = plain$loglik)
})
write_json(list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                                survival = as.character(packageVersion("survival"))), fits = made),
           "offset.json", digits = NA, auto_unbox = TRUE)
