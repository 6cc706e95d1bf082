# Writes expected.json of this folder: tests of association by R's survey package on ../survey/data.csv and apistrat.csv.
# Run in this folder: Rscript make.R      (R 4.2.2, survey 4.1-1, jsonlite; the tests need no R)
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")
data <- read.csv("../survey/data.csv")
data <- subset(data, stratum != 9)

data$older <- data$age >= 40
data$third <- cut(data$y, quantile(data$y, c(0, 1/3, 2/3, 1), na.rm = TRUE), c("a", "b", "c"), include.lowest = TRUE)
everyone <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
api <- read.csv("../survey/apistrat.csv")
api <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = api)
designs <- list(everyone = everyone, older = subset(everyone, older), api = api)

chi <- function(formula, design) {
  test <- svychisq(formula, design, statistic = "F")
  list(f = as.numeric(test$statistic), df1 = as.numeric(test$parameter[1]), df2 = as.numeric(test$parameter[2]),
       p = as.numeric(test$p.value))
}
known <- function(design, ...) subset(design, complete.cases(design$variables[, c(...)]))
ranks <- function(formula, design, score) {
  test <- svyranktest(formula, design, test = score)
  if (!is.null(test$estimate)) return(list(t = as.numeric(test$statistic), difference = as.numeric(test$estimate)))
  list(chi_square = as.numeric(test$parameter))
}
scores <- c("wilcoxon", "vanderWaerden", "median")
two <- function(design) { t <- svyttest(y ~ flag, design); list(t = as.numeric(t$statistic), difference = as.numeric(t$estimate)) }
expected <- list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
  chi_square = list(
    everyone = chi(~group + flag, known(everyone, "group", "flag")),
    older = chi(~group + flag, known(designs$older, "group", "flag")),
    wide = chi(~third + group, known(everyone, "third", "group")),
    api = chi(~stype + comp.imp, api)),
  rank = list(
    everyone = sapply(scores, function(s) ranks(y ~ flag, known(everyone, "y", "flag"), s), simplify = FALSE),
    older = sapply(scores, function(s) ranks(y ~ flag, known(designs$older, "y", "flag"), s), simplify = FALSE),
    groups = sapply(scores, function(s) ranks(y ~ group, known(everyone, "y", "group"), s), simplify = FALSE)),
  t = list(everyone = two(known(everyone, "y", "flag")), older = two(known(designs$older, "y", "flag"))))
jsonlite::write_json(expected, "expected.json", digits = NA, auto_unbox = TRUE)
