# Writes covariances.json of this folder: what coxph says of weights without a design, by model and robust, and svycoxph
# with one; on data.csv. Run in this folder: Rscript covariances.R   (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite)
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$row <- seq_len(nrow(data))
data$unit <- data$weight / mean(data$weight)
surv <- list(plain = Surv(data$months, data$died), late = Surv(data$late, data$months, data$died))
made <- list()
for (case in names(surv)) for (ties in c("efron", "breslow")) {
  data$y <- surv[[case]]
  one <- function(by, robust) {
    data$given <- data[[by]]
    if (robust) coxph(y ~ age + x + flag, data, weights = given, ties = ties, control = control, cluster = row)
    else coxph(y ~ age + x + flag, data, weights = given, ties = ties, control = control, robust = FALSE)
  }
  design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
  made[[paste(case, ties, sep = "_")]] <- list(
    counted = unname(one("weight", FALSE)$var),
    naive = unname(one("unit", FALSE)$var),
    robust = unname(one("weight", TRUE)$var),
    design = unname(vcov(svycoxph(y ~ age + x + flag, design, method = ties, control = control)))
  )
}
write_json(list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                                survival = as.character(packageVersion("survival"))),
                covariances = made), "covariances.json", digits = NA, auto_unbox = TRUE)
