# Writes standardized_rmst.json of this folder: the area under survfit.coxph averaged over the people with their weights,
# on data.csv of make_inputs.py. Run in this folder: Rscript standardized_rmst.R
# (R 4.2.2, survival 3.5-3, jsonlite; tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data <- data[complete.cases(data[, c("age", "x", "flag", "group", "months", "died", "weight")]) & data$weight > 0, ]
until <- 60
area <- function(fit, group, flag = NULL) {
  rows <- data
  rows$group <- factor(group, levels = levels(data$group))
  if (!is.null(flag)) rows$flag <- flag
  curve <- survfit(fit, newdata = rows, se.fit = FALSE)
  before <- curve$time < until
  mean <- as.vector(curve$surv[before, ] %*% rows$weight / sum(rows$weight))
  sum(diff(c(0, curve$time[before], until)) * c(1, mean))
}
made <- list()
for (ties in c("efron", "breslow")) {
  fit <- coxph(Surv(months, died) ~ age + x + flag * group, data, weights = weight, ties = ties, control = control)
  made[[ties]] <- list(low = area(fit, "low"), high = area(fit, "high"), low_0 = area(fit, "low", 0),
                       high_0 = area(fit, "high", 0), low_1 = area(fit, "low", 1), high_1 = area(fit, "high", 1))
}
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                until = until, means = made), "standardized_rmst.json", digits = NA, auto_unbox = TRUE)
