# Writes margins.json of this folder: marginal means by R's svypredmeans on data.csv of make.R.
# Run in this folder: Rscript margins.R      (R 4.2.2, survey 4.1-1, jsonlite; the tests need no R)
suppressPackageStartupMessages(library(survey))
data <- subset(read.csv("data.csv"), weight > 0)
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data <- data[complete.cases(data[, c("x", "flag", "group", "event", "count", "y")]), ]
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
control <- glm.control(epsilon = 1e-20, maxit = 60)
made <- list()
for (case in list(list("gaussian", y ~ x + flag, gaussian()), list("binomial", event ~ x + flag, quasibinomial()),
                  list("poisson", count ~ x + flag, quasipoisson()))) {
  fit <- svyglm(case[[2]], design = design, family = case[[3]], control = control)
  means <- svypredmeans(fit, ~group)
  made[[case[[1]]]] <- as.list(coef(means)[c("low", "middle", "high")])
}
jsonlite::write_json(list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
                          means = made), "margins.json", digits = NA, auto_unbox = TRUE)
