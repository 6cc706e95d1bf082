# Writes data.csv and expected.json of this folder: RERI, AP, S and the multiplicative interaction by svycontrast's
# delta method, from quasi-Poisson, logistic and Cox regression on one synthetic survey.
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survey); library(survival)})
suppressWarnings(RNGversion("4.2.0"))
set.seed(20052)

n <- 900
data <- data.frame(strata = rep(1:15, each = 60), psu = rep(rep(1:2, each = 30), 15), weight = round(exp(rnorm(n, 2, 0.5)), 3))
data$vitamin <- sample(c("sufficient", "insufficient", "deficient"), n, TRUE, c(0.5, 0.3, 0.2))
data$low_magnesium <- rbinom(n, 1, 0.45)
data$dose <- round(rnorm(n, 50, 20), 1)
data$age <- round(runif(n, 20, 79))
eta <- 0.04 * (data$age - 50) + 0.3 * (data$vitamin == "insufficient") + 0.5 * (data$vitamin == "deficient") +
  0.3 * data$low_magnesium + 0.4 * (data$vitamin == "deficient") * data$low_magnesium - 0.01 * (data$dose - 50)
data$event <- rbinom(n, 1, plogis(-1.5 + eta))
time <- ceiling(-log(runif(n)) * 90 * exp(-eta))
censored <- sample(24:120, n, TRUE)
data$months <- pmin(time, censored)
data$died <- as.integer(time <= censored)
write.csv(data, "data.csv", row.names = FALSE)

data$vitamin <- factor(data$vitamin, levels = c("sufficient", "insufficient", "deficient"))
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
control <- glm.control(epsilon = 1e-20, maxit = 60)

# b1 exposure alone, b2 modifier alone, b3 product: the names are put into the expressions below
measures <- function(fit, b1, b2, b3) {
  put <- function(text) parse(text = gsub("B1", b1, gsub("B2", b2, gsub("B3", b3, text, fixed = TRUE), fixed = TRUE), fixed = TRUE))[[1]]
  one <- function(text) {
    value <- svycontrast(fit, put(text))
    list(estimate = unname(coef(value)), se = unname(SE(value)[1]))
  }
  list(
    RERI = one("exp(B1 + B2 + B3) - exp(B1) - exp(B2) + 1"),
    AP = one("(exp(B1 + B2 + B3) - exp(B1) - exp(B2) + 1) / exp(B1 + B2 + B3)"),
    log_S = one("log((exp(B1 + B2 + B3) - 1) / (exp(B1) + exp(B2) - 2))"),
    log_multiplicative = one("B3")
  )
}
fits <- list(
  poisson = svyglm(event ~ vitamin * low_magnesium + age, design = design, family = quasipoisson(), control = control),
  logistic = svyglm(event ~ vitamin * low_magnesium + age, design = design, family = quasibinomial(), control = control),
  cox = svycoxph(Surv(months, died) ~ vitamin * low_magnesium + age, design = design, method = "efron",
                 control = coxph.control(eps = 1e-14, iter.max = 100))
)
expected <- lapply(fits, function(fit) {
  one <- function(level) measures(fit, paste0("`vitamin", level, "`"), "low_magnesium", paste0("`vitamin", level, ":low_magnesium`"))
  list(insufficient = one("insufficient"), deficient = one("deficient"))
})
# a continuous exposure, from 70 (reference) to 30: exp(-40 b)
continuous <- svyglm(event ~ dose * low_magnesium + age, design = design, family = quasipoisson(), control = control)
expected$continuous <- measures(continuous, "(-40 * dose)", "(low_magnesium + 70 * `dose:low_magnesium`)", "(-40 * `dose:low_magnesium`)")
expected$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")), survival = as.character(packageVersion("survival")))
jsonlite::write_json(expected, "expected.json", digits = NA, auto_unbox = TRUE)
