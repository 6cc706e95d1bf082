# Writes standardized.json of this folder: risks by survfit.coxph averaged over the people with their weights, on data.csv
# of make_inputs.py. Run in this folder: Rscript standardized.R      (R 4.2.2, survival 3.5-3, jsonlite; tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data <- data[complete.cases(data[, c("age", "x", "flag", "group", "months", "died", "weight")]) & data$weight > 0, ]
times <- c(24, 60)
risks <- function(fit, group, flag = NULL) {
  rows <- data
  rows$group <- factor(group, levels = levels(data$group))
  if (!is.null(flag)) rows$flag <- flag
  curve <- summary(survfit(fit, newdata = rows, se.fit = FALSE), times = times)
  as.vector((1 - curve$surv) %*% rows$weight / sum(rows$weight))
}
made <- list()
for (ties in c("efron", "breslow")) {
  fit <- coxph(Surv(months, died) ~ age + x + flag * group, data, weights = weight, ties = ties, control = control)
  made[[ties]] <- list(low = risks(fit, "low"), high = risks(fit, "high"), low_0 = risks(fit, "low", 0), high_0 = risks(fit, "high", 0),
                       low_1 = risks(fit, "low", 1), high_1 = risks(fit, "high", 1))
}
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                times = times, risks = made), "standardized.json", digits = NA, auto_unbox = TRUE)
