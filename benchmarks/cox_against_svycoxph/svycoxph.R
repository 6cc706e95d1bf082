# Rscript svycoxph.R PEOPLE.csv FORM: fits once and prints CPU seconds, coefficients and standard errors as JSON.
# FORM: right (Surv(time, died)), zero (the same as Surv(zero, time, died), which spares R a quadratic path), delayed.
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
people <- read.csv(arguments[1])
people$zero <- 0
surv <- c(right = "Surv(time, died)", zero = "Surv(zero, time, died)", delayed = "Surv(entry, time, died)")
formula <- as.formula(paste(surv[arguments[2]], "~", paste0("x", 0:14, collapse = " + ")))

cpu <- function() sum(proc.time()[c("user.self", "sys.self")])
run <- function(rows) {
  start <- cpu()
  design <- svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = rows, nest = TRUE)
  before <- cpu()
  fit <- svycoxph(formula, design, method = "efron")
  after <- cpu()
  table <- coef(summary(fit))
  list(whole = cpu() - start, alone = after - before, coefficients = unname(coef(fit)), se = unname(SE(fit)))
}
invisible(run(head(people, 2000))) # R compiles functions when they first run
cat(toJSON(run(people), digits = I(17), auto_unbox = TRUE))
