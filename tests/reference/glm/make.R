# Writes data.csv, apistrat.csv and expected.json of this folder: linear, logistic and Poisson regression by
# R's survey package, with domains, missing values, zero weights and every policy for strata with one PSU.
# apistrat.csv is the data set `apistrat` of the survey package (California Academic Performance Index, 2000).
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, jsonlite; the tests need no R)
# glm stops only when the deviance no longer moves: at its default the coefficients are up to 1e-9 away from the
# solution, and its covariance takes the information from the iteration before the last (4e-8 away at 1e-14).
suppressPackageStartupMessages(library(survey))
suppressWarnings(RNGversion("4.2.0"))
set.seed(20051)

n <- 480
strata <- rep(1:12, each = 40)
psu <- ave(seq_len(n), strata, FUN = function(i) rep(1:(2 + (strata[i[1]] %% 3 == 0)), length.out = length(i)))
data <- data.frame(
  strata = strata, psu = psu, weight = round(exp(rnorm(n, 3, 0.7)), 3),
  x = round(rnorm(n, 50, 12), 2), flag = rbinom(n, 1, 0.4),
  group = sample(c("low", "middle", "high"), n, TRUE, c(0.3, 0.5, 0.2)), domain = rbinom(n, 1, 0.8)
)
cluster <- rnorm(60, 0, 0.4)[as.integer(interaction(strata, psu, drop = TRUE))]
eta <- -1 + 0.03 * (data$x - 50) + 0.5 * data$flag + 0.4 * (data$group == "high") + cluster
data$y <- round(10 + 3 * eta + rnorm(n), 4)
data$event <- rbinom(n, 1, plogis(eta))
data$count <- rpois(n, exp(eta))
data$x[sample(n, 15)] <- NA
data$group[sample(n, 12)] <- NA
data$weight[sample(n, 25)] <- 0
data$lonely <- ifelse(data$strata == 12, 1, data$psu) # as psu, with one PSU in stratum 12
data$domain[data$strata == 5 & data$psu == 2] <- 0    # a PSU without members of the domain
write.csv(data, "data.csv", row.names = FALSE, na = "")

data$group <- factor(data$group, levels = c("low", "middle", "high"))
control <- glm.control(epsilon = 1e-20, maxit = 60)
families <- list(gaussian = gaussian(), binomial = quasibinomial(), poisson = quasipoisson())
outcomes <- c(gaussian = "y", binomial = "event", poisson = "count")

harrell <- function(x, t) { # written from Harrell (2015), section 2.4.5; not Hmisc's code
  k <- length(t)
  p3 <- function(u) ifelse(u > 0, u^3, 0)
  sapply(seq_len(k - 2), function(j)
    (p3(x - t[j]) - p3(x - t[k - 1]) * (t[k] - t[j]) / (t[k] - t[k - 1]) +
       p3(x - t[k]) * (t[k - 1] - t[j]) / (t[k] - t[k - 1])) / (t[k] - t[1])^2)
}
knots <- c(30, 45, 55, 70)
basis <- harrell(data$x, knots)
data$s2 <- basis[, 1]
data$s3 <- basis[, 2]

influence_rows <- function(fit, n) {
  inverse <- chol2inv(fit$qr$qr[seq_along(coef(fit)), seq_along(coef(fit)), drop = FALSE])
  order <- order(fit$qr$pivot)
  rows <- (model.matrix(fit) * residuals(fit, "working") * fit$weights) %*% inverse[order, order]
  full <- matrix(0, n, ncol(rows))
  full[as.integer(rownames(model.matrix(fit))), ] <- rows
  full
}
result <- function(fit, n, influence = TRUE) {
  list(terms = names(coef(fit)), coefficients = unname(coef(fit)), covariance = unname(vcov(fit)),
       influence = if (influence) signif(influence_rows(fit, n), 12), residual_df = fit$df.residual,
       design_df = degf(fit$survey.design), n_used = sum(fit$prior.weights > 0))
}

cases <- list()
add <- function(name, outcome, family, right, psu = "psu", policy = "fail", domain = FALSE, frame = data) {
  options(survey.lonely.psu = policy)
  design <- svydesign(ids = reformulate(psu), strata = ~strata, weights = ~weight, data = frame, nest = TRUE)
  if (domain) design <- subset(design, domain == 1)
  fit <- svyglm(reformulate(right, outcome), design = design, family = families[[family]], control = control)
  solution <<- coef(fit) # once more from the solution, so that the information is taken there (svyglm looks up globals)
  fit <- svyglm(reformulate(right, outcome), design = design, family = families[[family]], control = control,
                start = solution)
  cases[[name]] <<- c(list(family = family, psu = psu, policy = policy, domain = domain, right = right), result(fit, nrow(frame), influence = name == paste(family, "domain")))
  invisible(fit)
}

for (family in names(families)) {
  add(paste(family, "everyone"), outcomes[[family]], family, "x * flag + group")
  add(paste(family, "domain"), outcomes[[family]], family, "x * flag + group", domain = TRUE)
  for (policy in c("adjust", "average", "certainty"))
    for (domain in c(FALSE, TRUE))
      add(paste(family, policy, if (domain) "domain" else "everyone"), outcomes[[family]], family, "x + group",
          psu = "lonely", policy = policy, domain = domain)
  add(paste(family, "spline"), outcomes[[family]], family, "x + s2 + s3 + flag", domain = TRUE)
}

wald <- list()
options(survey.lonely.psu = "fail")
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE), domain == 1)
fit <- svyglm(event ~ x * flag + group, design = design, family = quasibinomial(), control = control)
for (term in c("x", "group", "x:flag")) {
  test <- regTermTest(fit, reformulate(term), df = Inf)
  wald[[term]] <- list(chi_square = as.numeric(test$chisq), q = test$df)
}

data(api)
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat)
columns <- c("stype", "pw", "api00", "ell", "meals", "mobility", "sch.wide", "api.stu")
write.csv(apistrat[, columns], "apistrat.csv", row.names = FALSE)
rownames(apistrat) <- NULL
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat)
api <- list(
  gaussian = result(svyglm(api00 ~ ell + meals + mobility, design = stratified, control = control), 200),
  binomial = result(svyglm(sch.wide ~ ell + meals + mobility, design = stratified, family = quasibinomial(), control = control), 200),
  poisson = result(svyglm(api.stu ~ ell + meals + stype, design = stratified, family = quasipoisson(), control = control), 200)
)

expected <- list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
                 knots = knots, cases = cases, wald = wald, api = api)
jsonlite::write_json(expected, "expected.json", digits = NA, auto_unbox = TRUE)
