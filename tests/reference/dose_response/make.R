# Writes data.csv and expected.json of this folder: a dose-response curve, a tensor-product surface and a change point
# under a survey design, from svycoxph, svyglm and their covariance.
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survey); library(survival)})
suppressWarnings(RNGversion("4.2.0"))
set.seed(20117)

n <- 1200
data <- data.frame(strata = rep(1:15, each = 80), psu = rep(rep(1:2, each = 40), 15), weight = round(exp(rnorm(n, 2, 0.4)), 3))
data$vitamin <- round(pmin(pmax(rnorm(n, 60, 22), 12), 150), 1)
data$magnesium <- round(pmin(pmax(rnorm(n, 280, 90), 60), 650))
data$age <- round(runif(n, 20, 79))
bend <- pmax(data$vitamin - 70, 0)
eta <- 0.04 * (data$age - 50) - 0.02 * (data$vitamin - 60) + 0.02 * bend - 0.001 * (data$magnesium - 280)
data$y <- round(2 + eta + rnorm(n, 0, 0.6), 4)
data$event <- rbinom(n, 1, plogis(-1 + eta))
time <- ceiling(-log(runif(n)) * 80 * exp(-eta))
censored <- sample(24:120, n, TRUE)
data$months <- pmin(time, censored)
data$died <- as.integer(time <= censored)
write.csv(data, "data.csv", row.names = FALSE)

# Harrell's basis, by its formula: no other package is needed
rcs <- function(x, t) {
  k <- length(t)
  cubed <- function(v) pmax(v, 0)^3
  out <- x
  for (j in 1:(k - 2)) {
    out <- cbind(out, (cubed(x - t[j]) - cubed(x - t[k - 1]) * (t[k] - t[j]) / (t[k] - t[k - 1]) +
                         cubed(x - t[k]) * (t[k - 1] - t[j]) / (t[k] - t[k - 1])) / (t[k] - t[1])^2)
  }
  unname(out)
}
kv <- c(30, 50, 68, 95); kw <- c(30, 60, 95); km <- c(170, 280, 400)
design <- function(frame) svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = frame, nest = TRUE)
cox <- function(f, frame) svycoxph(f, design = design(frame), method = "efron", control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200))
tight <- glm.control(epsilon = 1e-20, maxit = 100)
wald <- function(fit, at) as.numeric(coef(fit)[at] %*% solve(vcov(fit)[at, at], coef(fit)[at]))
contrasts <- function(fit, at, rows) list(estimate = as.numeric(rows %*% coef(fit)[at]),
                                          se = sqrt(diag(rows %*% vcov(fit)[at, at] %*% t(rows))))
expected <- list()

s <- rcs(data$vitamin, kv); data$s1 <- s[, 1]; data$s2 <- s[, 2]; data$s3 <- s[, 3]
values <- c(20, 40, 75, 110)
rows <- sweep(rcs(values, kv), 2, rcs(50, kv))
fit <- cox(Surv(months, died) ~ s1 + s2 + s3 + age, data)
expected$curve_cox <- c(contrasts(fit, 1:3, rows), list(association = wald(fit, 1:3), non_linearity = wald(fit, 2:3)))
fit <- svyglm(event ~ s1 + s2 + s3 + age, design(data), family = quasibinomial(), control = tight)
expected$curve_logistic <- c(contrasts(fit, 2:4, rows), list(association = wald(fit, 2:4), non_linearity = wald(fit, 3:4)))
fit <- svyglm(y ~ s1 + s2 + s3 + age, design(data))
expected$curve_gaussian <- c(contrasts(fit, 2:4, rows), list(association = wald(fit, 2:4), non_linearity = wald(fit, 3:4)))

products <- function(a, m) { v <- rcs(a, kw); w <- rcs(m, km); cbind(v, w, v[, 1] * w[, 1], v[, 2] * w[, 1], v[, 1] * w[, 2], v[, 2] * w[, 2]) }
p <- products(data$vitamin, data$magnesium); colnames(p) <- paste0("p", 1:8)
both <- cbind(data, p)
grid <- expand.grid(magnesium = c(150, 300, 450), vitamin = c(30, 100))
rows <- sweep(products(grid$vitamin, grid$magnesium), 2, products(75, 350))
fit <- cox(Surv(months, died) ~ p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8 + age, both)
expected$surface_cox <- c(contrasts(fit, 1:8, rows), list(interaction = wald(fit, 5:8)))

# A change point: the knot that maximises the likelihood, and the covariance of the linearised model there (Muggeo 2003)
broken <- function(c, data) { x <- data$vitamin; data$u <- pmax(x - c, 0); data$v <- -(0.5 * (x > c) + 0.5 * (x >= c)); data }
deviance_at <- function(c) deviance(lm(y ~ vitamin + u + age, data = broken(c, data), weights = weight))
best <- round(optimize(deviance_at, c(50, 95), tol = 1e-12)$minimum, 6)  # at a kink: a value that somebody has
b <- broken(best, data)
known <- coef(svyglm(y ~ vitamin + u + age, design(b)))
V <- vcov(svyglm(y ~ vitamin + u + v + age, design(b)))
expected$change_point_gaussian <- list(estimate = best, below = unname(known["vitamin"]), change = unname(known["u"]),
  se = sqrt(V["v", "v"]) / abs(unname(known["u"])), se_below = sqrt(V["vitamin", "vitamin"]), se_change = sqrt(V["u", "u"]),
  se_above = sqrt(V["u", "u"] + V["vitamin", "vitamin"] + 2 * V["u", "vitamin"]))
w <- data$weight / mean(data$weight)
loglik_at <- function(c) { b <- broken(c, data); b$w <- w
  coxph(Surv(months, died) ~ vitamin + u + age, data = b, weights = w, method = "efron", control = coxph.control(eps = 1e-12, toler.chol = 1e-13))$loglik[2] }
expected$change_point_cox <- list(values = c(45, 60, 75, 90), log_likelihood = sapply(c(45, 60, 75, 90), loglik_at))
expected$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")), survival = as.character(packageVersion("survival")))
jsonlite::write_json(expected, "expected.json", digits = NA, auto_unbox = TRUE)
