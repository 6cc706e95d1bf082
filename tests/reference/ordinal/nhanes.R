# Writes nhanes.json: proportional-odds regression on 2007-2008 by R's svyolr.
# Run: Rscript nhanes.R people.csv, where people.csv is what columns_2007() of tests/models/test_quantile_nhanes.py
# returns from public files of CDC, written by DataFrame.to_csv (it is not kept here). R 4.2.2, survey 4.1-1, jsonlite.
suppressPackageStartupMessages(library(survey))
people <- subset(read.csv(commandArgs(TRUE)[1]), analysis_weight > 0)
people$weight_class <- cut(people$bmi, c(0, 18.5, 25, 30, Inf), c("under", "normal", "over", "obese"), right = FALSE)
people$decades <- (people$age - 50) / 10
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~analysis_weight, data = people, nest = TRUE),
                 adult == 1)
fit <- svyolr(weight_class ~ decades * sex + race, design, control = list(reltol = 1e-16, maxit = 2000))
jsonlite::write_json(list(coef = unname(c(fit$coefficients, fit$zeta)), se = unname(sqrt(diag(fit$var)))),
                     "nhanes.json", digits = NA, auto_unbox = TRUE)
