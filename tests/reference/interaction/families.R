# Writes families.json of this folder: RERI, AP, S and the multiplicative interaction by svycontrast's delta method from
# every link whose coefficients are logarithms of ratios, on the data of data.csv.
# Run in this folder: Rscript families.R      (R 4.2.2, survey 4.1-1, jsonlite; the tests need no R)
suppressPackageStartupMessages(library(survey))
data <- read.csv("data.csv")
data$deficient <- as.integer(data$vitamin == "deficient")
data$cost <- 130 - data$months
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
control <- glm.control(epsilon = 1e-20, maxit = 200)
measures <- function(outcome, family) {
  formula <- as.formula(paste(outcome, "~ deficient * low_magnesium"))
  start <- c(family$linkfun(weighted.mean(data[[outcome]], data$weight)), 0, 0, 0)
  for (again in 1:2) {
    begin <<- start
    fit <- svyglm(formula, design, family = family, control = control, start = begin)
    start <- coef(fit)
  }
  names(fit$coefficients) <- c("b0", "d", "m", "dm")
  one <- function(text) {
    value <- svycontrast(fit, text)
    list(estimate = unname(coef(value)), se = unname(SE(value)[1]))
  }
  list(
    RERI = one(quote(exp(d + m + dm) - exp(d) - exp(m) + 1)),
    AP = one(quote((exp(d + m + dm) - exp(d) - exp(m) + 1) / exp(d + m + dm))),
    log_S = one(quote(log((exp(d + m + dm) - 1) / (exp(d) + exp(m) - 2)))),
    log_multiplicative = one(quote(dm + 0 * d))
  )
}
expected <- list(
  "binomial logit" = measures("event", quasibinomial("logit")),
  "binomial cloglog" = measures("event", quasibinomial("cloglog")),
  "binomial log" = measures("event", quasibinomial("log")),
  "poisson log" = measures("event", quasipoisson("log")),
  "gaussian log" = measures("event", gaussian("log")),
  "gamma log" = measures("cost", Gamma("log"))
)
jsonlite::write_json(expected, "families.json", digits = NA, auto_unbox = TRUE)
