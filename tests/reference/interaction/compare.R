# Writes compare.json of this folder: the joint covariance of interactions of two models and of two subgroups, by the
# influence of svyglm and of svycoxph (dfbeta) on the data of data.csv.
# Run in this folder: Rscript compare.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survey); library(survival)})
data <- read.csv("data.csv")
data$low_dose <- as.integer(data$dose < 50)
data$deficient <- as.integer(data$vitamin == "deficient")
data$old <- as.integer(data$age >= 50)
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
control <- glm.control(epsilon = 1e-20, maxit = 60)
joint <- function(influence) svyrecvar(influence, design$cluster, design$strata, design$fpc)
expected <- list()

one <- svyglm(event ~ deficient * low_magnesium + age, design, family = quasipoisson(), control = control)
two <- svyglm(event ~ low_dose * low_magnesium + age, design, family = quasipoisson(), control = control)
influence <- function(fit) {  # as svyglm makes its covariance; its own influence = TRUE fails in 4.1-1
  made <- (model.matrix(fit) * resid(fit, "working") * fit$weights) %*% fit$naive.cov
  stopifnot(all.equal(joint(made), vcov(fit), check.attributes = FALSE))
  made
}
V <- joint(cbind(influence(one)[, 5], influence(two)[, 5]))
expected$two_poisson <- list(difference = unname(coef(two)[5] - coef(one)[5]), covariance = V[1, 2], se = sqrt(V[1, 1] + V[2, 2] - 2 * V[1, 2]))

cox <- function(f) svycoxph(f, design, method = "efron", control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
one <- cox(Surv(months, died) ~ deficient * low_magnesium + age)
two <- cox(Surv(months, died) ~ low_dose * low_magnesium + age)
dfbeta <- function(fit) {
  made <- resid(fit, "dfbeta", weighted = TRUE)
  stopifnot(all.equal(joint(made), vcov(fit), check.attributes = FALSE))
  made[, 4]
}
V <- joint(cbind(dfbeta(one), dfbeta(two)))
expected$two_cox <- list(difference = unname(coef(two)[4] - coef(one)[4]), covariance = V[1, 2], se = sqrt(V[1, 1] + V[2, 2] - 2 * V[1, 2]))

three <- svyglm(event ~ deficient * low_magnesium * old, design, family = quasipoisson(), control = control)
expected$three_way <- list(estimate = unname(coef(three)["deficient:low_magnesium:old"]), se = unname(SE(three)["deficient:low_magnesium:old"]))
names(three$coefficients) <- c("b0", "d", "m", "o", "dm", "do", "mo", "dmo")
reri <- quote((exp(d + do + m + mo + dm + dmo) - exp(d + do) - exp(m + mo) + 1) - (exp(d + m + dm) - exp(d) - exp(m) + 1))
dimnames(three$cov.unscaled) <- list(names(coef(three)), names(coef(three)))
value <- svycontrast(three, reri)
expected$reri_difference <- list(estimate = unname(coef(value)), se = unname(SE(value)[1]))
jsonlite::write_json(expected, "compare.json", digits = NA, auto_unbox = TRUE)
