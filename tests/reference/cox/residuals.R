# Writes residuals.json of this folder: residuals by coxph with weights, on data.csv of make_inputs.py.
# Run in this folder: Rscript residuals.R      (R 4.2.2, survival 3.5-3, jsonlite; the tests need no R)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data <- data[data$weight > 0, ]
# Scaled residuals count the dead, so that their weights have to be 1 on average.
data$unit <- data$weight / mean(data$weight[data$died == 1])
of <- function(formula, ties) {
  fit <- coxph(formula, data, weights = weight, ties = ties, robust = FALSE, control = control)
  schoenfeld <- resid(fit, "schoenfeld", weighted = FALSE)
  by_unit <- coxph(formula, data, weights = unit, ties = ties, robust = FALSE, control = control)
  scaled <- resid(by_unit, "scaledsch", weighted = FALSE)
  list(martingale = unname(resid(fit, "martingale")), deviance = unname(resid(fit, "deviance")),
       score = unname(resid(fit, "score", weighted = FALSE)),
       time = as.numeric(rownames(schoenfeld)), schoenfeld = as.list(colSums(abs(schoenfeld))),
       scaled = as.list(setNames(colSums(abs(scaled)), colnames(schoenfeld))))
}
made <- list(efron = of(Surv(months, died) ~ age + x + flag, "efron"),
             breslow = of(Surv(months, died) ~ age + x + flag, "breslow"),
             late = of(Surv(late, months, died) ~ age + x + flag, "efron"),
             strata = of(Surv(months, died) ~ age + x + flag + strata(site), "efron"))
rounded <- rapply(made, function(x) signif(x, 12), how = "replace")
write_json(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival"))),
                residuals = rounded), "residuals.json", digits = NA, auto_unbox = TRUE)
