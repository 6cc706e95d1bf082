# Writes expected.json of this folder: quantile regression by R's quantreg, its design covariance by R's survey.
# Run in this folder: Rscript make.R      (R 4.2.2, quantreg 5.94, survey 4.1-1, jsonlite; the tests need no R)
#
# Coefficients: rq(weights=). The covariance is put together here from the densities of summary.rq, se = "nid" (local)
# and "ker" (kernel), with weights in the fits and the spread of the residuals and Kish's effective n, and from svyrecvar
# on the rows' influence.
suppressPackageStartupMessages({library(quantreg); library(survey)})
data <- read.csv("../glm/data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
known <- complete.cases(data[, c("x", "flag", "group", "y")]) & data$weight > 0

weighted_quantile <- function(x, w, p) {
  o <- order(x)
  x[o][which(cumsum(w[o]) >= p * sum(w) * (1 - 1e-12))[1]]
}

one <- function(formula, tau, inside, density) {
  used <- known & inside
  d <- data[used, ]
  w <- d$weight
  fit <- rq(formula, tau = tau, data = d, weights = weight)
  x <- model.matrix(formula, d)
  b <- coef(fit)
  r <- d$y - drop(x %*% b)
  on <- order(abs(r))[seq_len(ncol(x))]
  stopifnot(max(abs(r[on])) < 1e-9, sort(abs(r))[ncol(x) + 1] > 1e-7)
  pull <- w * (tau - (r < 0))
  pull[on] <- solve(t(x[on, , drop = FALSE]), -colSums(x[-on, , drop = FALSE] * pull[-on]))
  stopifnot(pull[on] / w[on] < tau, pull[on] / w[on] > tau - 1)
  n <- sum(w)^2 / sum(w^2)
  h <- bandwidth.rq(tau, n, hs = TRUE)
  while (tau - h < 0 || tau + h > 1) h <- h / 2
  if (density == "local") {
    around <- sapply(c(tau + h, tau - h), function(t) coef(rq(formula, tau = t, data = d, weights = weight)))
    gap <- drop(x %*% matrix(around, ncol = 2) %*% c(1, -1))
    stopifnot(gap > 0.02 * weighted.mean(gap, w) | gap < 0)
    f <- pmax(0, 2 * h / gap)
  }
  centred <- r - weighted.mean(r, w)
  spread <- min(sqrt(weighted.mean(centred^2, w)),
                (weighted_quantile(r, w, .75) - weighted_quantile(r, w, .25)) / 1.34)
  h <- (qnorm(tau + h) - qnorm(tau - h)) * spread
  if (density == "kernel") f <- dnorm(r / h) / h
  slope <- crossprod(x, x * (w * f))
  influence <- matrix(0, nrow(data), ncol(x))
  influence[used, ] <- (x * pull) %*% solve(slope)
  design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
  v <- svyrecvar(influence, design$cluster, design$strata, design$fpc)
  list(coef = unname(b), terms = names(b), influence = influence, covariance = unname(v))
}

together <- function(formula, taus, density, inside = rep(TRUE, nrow(data))) {
  parts <- lapply(taus, function(tau) one(formula, tau, inside, density))
  influence <- do.call(cbind, lapply(parts, function(part) part$influence))
  design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
  keep <- which(rowSums(influence != 0) > 0)
  list(taus = taus, density = density, terms = parts[[1]]$terms, coef = lapply(parts, function(part) part$coef),
       covariance = unname(svyrecvar(influence, design$cluster, design$strata, design$fpc)),
       influence_rows = keep[1:5] - 1, influence = unname(influence[keep[1:5], ]))
}

made <- list(
  local = together(y ~ x + flag + group, c(.1, .25, .5, .75, .9), "local"),
  kernel = together(y ~ x + flag + group, c(.1, .25, .5, .75, .9), "kernel"),
  domain = together(y ~ x * flag, c(.2, .5), "local", data$domain == 1),
  middle = together(y ~ 1, .37, "kernel")
)
jsonlite::write_json(
  list(versions = list(R = R.version.string, quantreg = as.character(packageVersion("quantreg")),
                       survey = as.character(packageVersion("survey"))), cases = made),
  "expected.json", digits = NA, auto_unbox = TRUE)
