# Jackknife (JKn) covariances by R's survey package of the synthetic survey in ../survey/data.csv.
# usage, in this folder: Rscript make.R
suppressPackageStartupMessages({library(survey); library(survival)})
data <- read.csv("../survey/data.csv", stringsAsFactors = FALSE)
data <- data[data$stratum != 9, ]  # the stratum with one PSU
data$x0 <- ifelse(is.na(data$x), 0, data$x)
data$older <- data$age >= 40
design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
jkn <- as.svrepdesign(design, type = "JKn", mse = TRUE)
mean <- svymean(~age + x0, jkn)
domain <- svymean(~x0, subset(jkn, older))
ratio <- svyratio(~x0, ~age, jkn)
fit <- svyglm(x0 ~ age, jkn)
rows <- rbind(
  data.frame(case = "mean", i = c(1, 1, 2), j = c(1, 2, 2), value = vcov(mean)[cbind(c(1, 1, 2), c(1, 2, 2))]),
  data.frame(case = "domain", i = 1, j = 1, value = as.numeric(vcov(domain))),
  data.frame(case = "ratio", i = 1, j = 1, value = as.numeric(vcov(ratio))),
  data.frame(case = "glm", i = c(1, 1, 2), j = c(1, 2, 2), value = vcov(fit)[cbind(c(1, 1, 2), c(1, 2, 2))])
)
rows$value <- sprintf("%.17g", rows$value)
write.csv(rows, "expected.csv", row.names = FALSE, quote = FALSE)
