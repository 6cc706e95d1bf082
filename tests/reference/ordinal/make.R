# Writes data.csv and expected.json of this folder: proportional-odds regression by R's svyolr.
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, MASS, jsonlite; the tests need no R)
#
# svyolr stops where BFGS does and takes the information by optim's differences of width 1e-3. So its solution is refined
# here by Newton steps with the Jacobian of the analytic score by Richardson's extrapolation, and its covariance is put
# together again by svyrecvar: that is `exact`; what svyolr itself says is `svyolr`.
suppressPackageStartupMessages(library(survey))
suppressWarnings(RNGversion("4.2.0"))
set.seed(20053)

n <- 600
strata <- rep(1:12, each = 50)
psu <- ave(seq_len(n), strata, FUN = function(i) rep(1:(2 + (strata[i[1]] %% 3 == 0)), length.out = length(i)))
data <- data.frame(strata = strata, psu = psu, weight = round(exp(rnorm(n, 3, 0.7)), 3),
                   x = round(rnorm(n, 50, 12), 2), flag = rbinom(n, 1, 0.4),
                   group = sample(c("low", "middle", "high"), n, TRUE, c(0.3, 0.5, 0.2)), domain = rbinom(n, 1, 0.8))
cluster <- rnorm(60, 0, 0.4)[as.integer(interaction(strata, psu, drop = TRUE))]
latent <- 0.03 * (data$x - 50) + 0.6 * data$flag + 0.5 * (data$group == "high") + cluster + rlogis(n)
data$health <- c("poor", "fair", "good", "excellent")[findInterval(latent, c(-1.6, 0, 1.4)) + 1]
data$x[sample(n, 15)] <- NA
data$health[sample(n, 12)] <- NA
data$weight[sample(n, 25)] <- 0
write.csv(data, "data.csv", row.names = FALSE, na = "")

data$group <- factor(data$group, levels = c("low", "middle", "high"))
data$health <- factor(data$health, levels = c("poor", "fair", "good", "excellent"))
whole <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)

scores <- function(theta, x, y, w) {
  p <- ncol(x); q <- max(y) - 1
  z <- c(-Inf, theta[p + 1:q], Inf)
  eta <- drop(x %*% theta[1:p])
  pr <- plogis(z[y + 1] - eta) - plogis(z[y] - eta)
  f1 <- dlogis(z[y + 1] - eta); f0 <- dlogis(z[y] - eta)
  cbind(-x * (w * (f1 - f0) / pr), sapply(1:q, function(j) w * ((y == j) * f1 - (y == j + 1) * f0) / pr))
}

jacobian <- function(theta, f) {
  sapply(seq_along(theta), function(j) {
    central <- function(h) { e <- replace(0 * theta, j, h); (f(theta + e) - f(theta - e)) / (2 * h) }
    a <- sapply(c(4, 2, 1) * 1e-3 * max(abs(theta[j]), 0.1), central)
    b <- cbind((4 * a[, 2] - a[, 1]) / 3, (4 * a[, 3] - a[, 2]) / 3)
    (16 * b[, 2] - b[, 1]) / 15
  })
}

one <- function(formula, inside) {
  used <- with(data, inside & weight > 0 & !is.na(x) & !is.na(health))
  fit <- svyolr(formula, subset(whole, used), control = list(reltol = 1e-16, maxit = 2000))
  d <- data[used, ]
  x <- model.matrix(formula, d)[, -1, drop = FALSE]
  centre <- colMeans(x)
  y <- as.integer(d$health)
  w <- d$weight / mean(d$weight)
  # The thresholds of centred columns, so that the Newton steps are well conditioned.
  theta <- c(fit$coefficients, fit$zeta - sum(centre * fit$coefficients))
  z <- sweep(x, 2, centre)
  total <- function(t) colSums(scores(t, z, y, w))
  for (i in 1:6) theta <- theta - solve(jacobian(theta, total), total(theta))
  stopifnot(max(abs(total(theta))) < 1e-9)
  p <- ncol(x); k <- length(theta)
  back <- diag(k)
  back[(p + 1):k, 1:p] <- rep(centre, each = k - p)
  influence <- matrix(0, nrow(data), k)
  influence[used, ] <- scores(theta, z, y, w) %*% solve(-jacobian(theta, total)) %*% t(back)
  v <- svyrecvar(influence, whole$cluster, whole$strata, whole$fpc)
  rows <- which(used)[c(1, 7, 30, 111)]
  eta <- drop(x %*% theta[1:p])[1:3]
  upper <- sapply(drop(back %*% theta)[(p + 1):k], function(t) plogis(t - eta))
  list(terms = names(fit$coefficients), exact = list(
         coef = drop(back %*% theta), covariance = unname(v), rows = rows - 1, influence = unname(influence[rows, ]),
         first_people = which(used)[1:3] - 1, probability = unname(cbind(upper, 1) - cbind(0, upper))),
       svyolr = list(coef = unname(c(fit$coefficients, fit$zeta)), covariance = unname(fit$var)))
}

made <- list(main = one(health ~ x + flag + group, TRUE), domain = one(health ~ x * flag, data$domain == 1))
jsonlite::write_json(
  list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))), cases = made),
  "expected.json", digits = NA, auto_unbox = TRUE)
