# Writes curves.json of this folder: Nelson-Aalen curves by svykm(se = TRUE) and restricted means by survfit, on data.csv.
# Run in this folder: Rscript curves.R      (R 4.2.2, survey 4.1-1, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
data <- read.csv("data.csv")
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = data, nest = TRUE)
hazards <- lapply(c(low = "low", middle = "middle", high = "high"), function(level) {
  curve <- svykm(Surv(time, died) ~ 1, subset(design, group == level), se = TRUE)
  kept <- seq(5, length(curve$time), length.out = 12)
  list(time = curve$time[kept], hazard = -log(curve$surv[kept]), variance = curve$varlog[kept])
})
means <- lapply(c(low = "low", middle = "middle", high = "high"), function(level) {
  fit <- survfit(Surv(months, died) ~ 1, data[data$group == level, ], weights = weight)
  unname(summary(fit, rmean = 60)$table["rmean"])
})
write_json(list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                                survival = as.character(packageVersion("survival"))),
                hazards = hazards, means_to_60 = means), "curves.json", digits = NA, auto_unbox = TRUE)
