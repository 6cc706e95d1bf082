# Writes expected.json of this folder: direct standardisation by R's svystandardize on ../survey/data.csv and apistrat.csv.
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, jsonlite; the tests need no R)
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")
data <- subset(read.csv("../survey/data.csv"), !(stratum %in% c(7, 9)))
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data <- subset(data, !is.na(group) & !is.na(flag) & !is.na(y) & weight > 0)
people <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
api <- read.csv("../survey/apistrat.csv")
schools <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = api)
population <- c(5, 3, 2)
found <- function(formula, by, over, design, domain = NULL) {
  design <- svystandardize(design, by = by, over = over, population = population)
  if (length(all.vars(over)) == 0) {
    made <- svymean(formula, design)
    return(list(estimate = unname(coef(made)), se = unname(as.vector(SE(made)))))
  }
  made <- svyby(formula, over, design, svymean)
  list(estimate = unname(coef(made)), se = unname(as.vector(SE(made))))
}
jsonlite::write_json(list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))), population = population,
  "people" = found(~y, ~group, ~1, people), "people by flag" = found(~y, ~group, ~flag, people),
  "schools" = found(~api00, ~stype, ~1, schools), "schools by comp.imp" = found(~api00, ~stype, ~comp.imp, schools)),
  "expected.json", digits = NA, auto_unbox = TRUE)
