# Writes families.json of this folder: other families and links by R's svyglm, and glm.nb, on data.csv of make.R.
# Run in this folder, after make.R: Rscript families.R      (R 4.2.2, survey 4.1-1, MASS 7.3-58.2, jsonlite)
suppressPackageStartupMessages({ library(survey); library(MASS) })
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
control <- glm.control(epsilon = 1e-20, maxit = 200)
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE), domain == 1)

fitted <- function(formula, family) {
  begin <<- c(family$linkfun(weighted.mean(model.frame(formula, data)[[1]], na.rm = TRUE)), rep(0, 3))
  fit <- svyglm(formula, design = design, family = family, control = control, start = begin)
  begin <<- coef(fit) # once more from the solution, so that the information is taken there
  fit <- svyglm(formula, design = design, family = family, control = control, start = begin)
  list(terms = names(coef(fit)), coefficients = unname(coef(fit)), covariance = unname(vcov(fit)),
       n_used = sum(fit$prior.weights > 0))
}
cases <- list(
  "binomial cloglog" = fitted(event ~ flag + group, quasibinomial("cloglog")),
  "binomial log" = fitted(event ~ flag + group, quasibinomial("log")),
  "gaussian log" = fitted(x ~ flag + group, gaussian("log")),
  "gamma log" = fitted(x ~ flag + group, Gamma("log")),
  "gamma inverse" = fitted(x ~ flag + group, Gamma("inverse"))
)
used <- subset(data, domain == 1 & weight > 0)
nb <- glm.nb(count ~ x + flag, data = used, weights = weight / mean(weight), control = glm.control(epsilon = 1e-14, maxit = 200))
negative_binomial <- list(terms = names(coef(nb)), coefficients = unname(coef(nb)), alpha = 1 / nb$theta)
jsonlite::write_json(
  list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                       MASS = as.character(packageVersion("MASS"))),
       cases = cases, negative_binomial = negative_binomial),
  "families.json", digits = NA, auto_unbox = TRUE)
