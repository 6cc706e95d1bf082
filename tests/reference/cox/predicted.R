# Writes predicted.json of this folder: survival of two new people by survfit.coxph, on data.csv of make_inputs.py.
# Run in this folder: Rscript predicted.R      (R 4.2.2, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data <- data[data$weight > 0, ]
rows <- data.frame(age = c(40, 70), x = c(50, 60), flag = c(0, 1), group = factor(c("low", "high"), levels(data$group)),
                   site = c("north", "south"))
times <- c(12, 24, 60)
of <- function(formula, ties = "efron", each = FALSE) {
  fit <- coxph(formula, data, weights = weight, ties = ties, control = control)
  if (!each) return(t(summary(survfit(fit, newdata = rows, se.fit = FALSE), times = times)$surv))
  t(sapply(1:2, function(i) summary(survfit(fit, newdata = rows[i, ], se.fit = FALSE), times = times)$surv))
}
right <- "age + x + flag + group"
made <- list(efron = of(as.formula(paste("Surv(months, died) ~", right))),
             breslow = of(as.formula(paste("Surv(months, died) ~", right)), "breslow"),
             strata = of(as.formula(paste("Surv(months, died) ~", right, "+ strata(site)")), each = TRUE),
             "delayed entry" = of(as.formula(paste("Surv(late, months, died) ~", right))))
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                times = times, survival = made), "predicted.json", digits = NA, auto_unbox = TRUE)
