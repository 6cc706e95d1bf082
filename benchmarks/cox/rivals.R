# Rscript rivals.R TOOL FOLDER: prints CPU seconds of the first fit and of the same again (where it is not long),
# after a small one, coefficients and standard errors as JSON.
# TOOL: svycoxph (design-based), coxph (case weights, model-based covariance alone).
# FOLDER: people as plain doubles, named FORM_N. Right-censored people are given as Surv(entry, time, died) with entry 0:
# the same fit, which spares R's residuals a quadratic path.
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
tool <- arguments[1]
n <- as.integer(sub(".*_", "", arguments[2]))
column <- function(name, length = n) readBin(file.path(arguments[2], name), "double", length)
people <- as.data.frame(matrix(column("columns", 15 * n), ncol = 15, dimnames = list(NULL, paste0("x", 0:14))))
for (name in c("entry", "time", "died", "weight", "strata", "psu")) people[[name]] <- column(name)
formula <- as.formula(paste("Surv(entry, time, died) ~", paste0("x", 0:14, collapse = " + ")))

cpu <- function() sum(proc.time()[c("user.self", "sys.self")])
run <- function(rows) {
  start <- cpu()
  if (tool == "svycoxph") {
    design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = rows, nest = TRUE)
    before <- cpu()
    fit <- svycoxph(formula, design, method = "efron")
  } else {
    before <- cpu()
    fit <- coxph(formula, rows, weights = weight, method = "efron", robust = FALSE)
  }
  after <- cpu()
  table <- coef(summary(fit))
  list(whole = cpu() - start, alone = after - before, coefficients = unname(coef(fit)),
       se = unname(sqrt(diag(vcov(fit)))))
}
invisible(run(head(people, 5000)))
first <- run(people)
again <- if (first$whole < 30) run(people) else list(whole = NA, alone = NA)
found <- c(first, list(whole_again = again$whole, alone_again = again$alone))
cat(toJSON(found, digits = I(17), auto_unbox = TRUE, na = "null"))
