# Writes nhanes.json: quantile regression on 2007-2008 by R's quantreg.
# Run: Rscript nhanes.R people.csv, where people.csv is what columns_2007() of tests/models/test_quantile_nhanes.py
# returns from public files of CDC, written by DataFrame.to_csv (it is not kept here). R 4.2.2, quantreg 5.94, jsonlite.
suppressPackageStartupMessages(library(quantreg))
people <- subset(read.csv(commandArgs(TRUE)[1]), adult == 1 & analysis_weight > 0)
people <- people[complete.cases(people[, c("vitamin", "age", "sex", "race", "bmi")]), ]
people$sex <- factor(people$sex)
formula <- vitamin ~ age + sex + race + bmi
loss <- function(tau, b) {
  r <- people$vitamin - drop(model.matrix(formula, people) %*% b)
  sum(people$analysis_weight * r * (tau - (r < 0)))
}
made <- lapply(c(.1, .5, .9), function(tau) {
  b <- unname(coef(rq(formula, tau, people, weights = analysis_weight)))
  list(tau = tau, coef = b, loss = loss(tau, b))
})
jsonlite::write_json(list(n = nrow(people), quantiles = made), "nhanes.json", digits = NA, auto_unbox = TRUE)
