# Writes nhanes.json: three regressions on 2007-2008 by R's survey package.
# Run: Rscript nhanes.R people.csv, where people.csv is what columns_2007() of tests/models/test_glm_nhanes.py returns
# from public files of CDC, written by DataFrame.to_csv (it is not kept here). R 4.2.2, survey 4.1-1, jsonlite.
suppressPackageStartupMessages(library(survey))
people <- read.csv(commandArgs(TRUE)[1])
knots <- c(25, 40, 55, 75)
p3 <- function(u) ifelse(u > 0, u^3, 0)
for (j in 1:2) people[[paste0("s", j)]] <- (p3(people$age - knots[j]) -
  p3(people$age - knots[3]) * (knots[4] - knots[j]) / (knots[4] - knots[3]) +
  p3(people$age - knots[4]) * (knots[3] - knots[j]) / (knots[4] - knots[3])) / (knots[4] - knots[1])^2
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~analysis_weight, data = people, nest = TRUE), adult == 1)
control <- glm.control(epsilon = 1e-20, maxit = 60)
result <- function(fit) list(coefficients = unname(coef(fit)), se = unname(SE(fit)), terms = names(coef(fit)),
                             n_used = sum(fit$prior.weights > 0), design_df = degf(fit$survey.design))
deficient <- svyglm(deficient ~ age + sex * obese + race, design, family = quasipoisson(), control = control)
# the reference is men who are not obese, R's base level is female: sexmale is the log ratio of men
additive <- svycontrast(deficient, quote(
  exp(-sexmale + obese) - exp(-sexmale) - exp(obese + `sexmale:obese`) + 1))
jsonlite::write_json(list(
  vitamin = result(svyglm(vitamin ~ age + s1 + s2 + sex + race + bmi, design, control = control)),
  obese = result(svyglm(obese ~ age + s1 + s2 + sex * low + race, design, family = quasibinomial(), control = control)),
  deficient = result(deficient),
  reri = list(estimate = unname(coef(additive)), se = unname(SE(additive)[1]))
), "nhanes.json", digits = NA, auto_unbox = TRUE)
