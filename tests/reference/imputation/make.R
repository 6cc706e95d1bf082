# Writes data.csv, imputations.csv and expected.json of this folder: svyglm and svycoxph on five imputations, combined
# by R's mitools. The imputations are given numbers (random draws around the observed mean), not a model's: what is
# compared is the combining. mitools::MIcombine leaves the factor 1 + 1/m out of the share of missing information in the
# second term of its degrees of freedom, so for finite df.complete those of Barnard and Rubin (1999), as mice::pool has
# them, are written here from the paper; with infinite df.complete MIcombine's own are. The joint test is Reiter (2007).
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, mitools 2.4, jsonlite)
suppressPackageStartupMessages({library(survey); library(survival); library(mitools)})
suppressWarnings(RNGversion("4.2.0"))
set.seed(1987)

n <- 300
strata <- rep(1:10, each = 30)
psu <- rep(rep(1:2, each = 15), 10)
data <- data.frame(
  strata = strata, psu = psu, weight = round(exp(rnorm(n, 3, 0.6)), 3),
  x = round(rnorm(n, 50, 10), 2), z = round(rnorm(n), 3), domain = rbinom(n, 1, 0.85))
data$flag <- rbinom(n, 1, plogis(data$z))
data$y <- round(5 + 0.05 * data$x + 0.6 * data$z + 0.5 * data$flag + rnorm(n), 4)
data$time <- round(rexp(n, exp(-4 + 0.02 * data$x + 0.3 * data$z + 0.3 * data$flag)), 4) + 0.001
data$died <- as.integer(data$time < 60)
data$time <- pmin(data$time, 60)
lost_x <- sample(n, 60)
lost_flag <- sample(n, 45)
m <- 5
imputations <- do.call(rbind, lapply(seq_len(m), function(i) rbind(
  data.frame(imputation = i, variable = "x", row = lost_x - 1, value = round(rnorm(60, 50, 10), 2)),
  data.frame(imputation = i, variable = "flag", row = lost_flag - 1, value = rbinom(45, 1, 0.5)))))
data$x[lost_x] <- NA
data$flag[lost_flag] <- NA
write.csv(data, "data.csv", row.names = FALSE, na = "")
write.csv(imputations, "imputations.csv", row.names = FALSE)

filled <- lapply(seq_len(m), function(i) {
  one <- data
  these <- imputations[imputations$imputation == i, ]
  for (v in c("x", "flag")) one[[v]][these$row[these$variable == v] + 1] <- these$value[these$variable == v]
  one
})
designs <- lapply(filled, function(one)
  subset(svydesign(~psu, strata = ~strata, weights = ~weight, data = one, nest = TRUE), domain == 1))

published <- function(pooled, within, between, d) { # Barnard and Rubin (1999), equation 3 and after
  share <- (1 + 1 / m) * diag(between) / diag(pooled$variance)
  observed <- (d + 1) / (d + 3) * d * (1 - share)
  1 / (1 / ((m - 1) / share^2) + 1 / observed)
}
reiter <- function(r, t, d) { # Reiter (2007), equations 1 and 2
  a <- r * t / (t - 2)
  v <- (d + 1) / (d + 3) * d
  c0 <- 1 / (t - 4)
  c1 <- v - 2 * (1 + a)
  c2 <- v - 4 * (1 + a)
  z <- 1 / c2 + c0 * (a^2 * c1 / ((1 + a)^2 * c2)) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) +
    4 * a^2 / ((1 + a) * c2)) + c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * (8 * a^2 / c2^2)
  4 + 1 / z
}
result <- function(fits, d, tested) {
  coefs <- lapply(fits, coef)
  covs <- lapply(fits, function(f) matrix(vcov(f), length(coef(f))))
  large <- MIcombine(coefs, covs)
  small <- MIcombine(coefs, covs, df.complete = d)
  within <- Reduce(`+`, covs) / m
  between <- var(do.call(rbind, coefs))
  q <- length(tested)
  inverse <- solve(within[tested, tested])
  r <- (1 + 1 / m) * sum(diag(between[tested, tested] %*% inverse)) / q
  d1 <- c(coef(large)[tested] %*% inverse %*% coef(large)[tested]) / (q * (1 + r))
  t <- q * (m - 1)
  list(terms = names(coefs[[1]]), design_df = d, coefficients = unname(coef(large)),
       covariance = unname(large$variance), within = unname(within), between = unname(between),
       df_infinite = unname(large$df), df_mitools = unname(small$df), missing_infinite = unname(large$missinfo),
       df = unname(published(large, within, between, d)),
       tested = tested - 1, d1 = d1, d1_increase = r,
       d1_df_infinite = 4 + (t - 4) * (1 + (1 - 2 / t) / r)^2, d1_df = reiter(r, t, d))
}

glm_control <- glm.control(epsilon = 1e-20, maxit = 60)
cox_control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
gaussian_fits <- lapply(designs, function(d) svyglm(y ~ x + z + flag, d, control = glm_control))
logistic_fits <- lapply(designs, function(d)
  svyglm(died ~ x + z + flag, d, family = quasibinomial(), control = glm_control))
cox_fits <- lapply(designs, function(d) svycoxph(Surv(time, died) ~ x + z + flag, d, method = "efron", control = cox_control))
d <- degf(designs[[1]])
expected <- list(
  gaussian = result(gaussian_fits, d, 2:4), binomial = result(logistic_fits, d, 2:4), cox = result(cox_fits, d, 1:3))
writeLines(jsonlite::toJSON(expected, digits = I(17), auto_unbox = TRUE, pretty = TRUE), "expected.json")
