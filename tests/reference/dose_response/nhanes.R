# Writes nhanes.json: a curve of body mass index and its surface with age on 2003-2006, by svycoxph.
# Run: Rscript nhanes.R people.csv, where people.csv is what people_2003() of tests/models/test_cox_nhanes.py returns
# from public files of CDC, written by DataFrame.to_csv(index=False) (it is not kept here). R 4.2.2, survey 4.1-1,
# survival 3.5-3. Surv(zero, time, event) spares svycoxph a quadratic path; the results are those of Surv(time, event).
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
people <- read.csv(commandArgs(TRUE)[1])
people$zero <- 0
people$male <- as.integer(people$sex == "male")
rcs <- function(x, t) {
  k <- length(t)
  cubed <- function(v) pmax(v, 0)^3
  out <- x
  for (j in 1:(k - 2)) {
    out <- cbind(out, (cubed(x - t[j]) - cubed(x - t[k - 1]) * (t[k] - t[j]) / (t[k] - t[k - 1]) +
                         cubed(x - t[k]) * (t[k - 1] - t[j]) / (t[k] - t[k - 1])) / (t[k] - t[1])^2)
  }
  unname(out)
}
body <- c(20, 25, 30, 38); age <- c(30, 50, 70)
columns <- function(b, a) {  # bmi (3), age (2), their products (6)
  v <- rcs(b, body); w <- rcs(a, age)
  cbind(v, w, v * w[, 1], v * w[, 2])
}
p <- columns(people$bmi, people$age)
colnames(p) <- paste0("p", 1:11)
people <- cbind(people, p)
design <- subset(svydesign(ids = ~psu, strata = ~strata, weights = ~weight, data = people, nest = TRUE), adult == 1 & weight > 0)
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
fitted <- function(formula) eval(bquote(svycoxph(.(as.formula(formula)), design, method = "efron", control = control)))
wald <- function(fit, at) as.numeric(coef(fit)[at] %*% solve(vcov(fit)[at, at], coef(fit)[at]))
contrasts <- function(fit, rows) {
  at <- seq_len(ncol(rows))
  list(estimate = as.numeric(rows %*% coef(fit)[at]), se = sqrt(diag(rows %*% vcov(fit)[at, at] %*% t(rows))))
}
values <- c(18, 22, 32, 40)
curve <- fitted("Surv(zero, months, died) ~ p1 + p2 + p3 + age + male")
grid <- expand.grid(age = c(40, 75), bmi = c(20, 35))
whole <- fitted(paste("Surv(zero, months, died) ~", paste0("p", 1:11, collapse = " + "), "+ male"))
write_json(list(
  curve = c(list(values = values), contrasts(curve, sweep(rcs(values, body), 2, rcs(25, body))), list(non_linearity = wald(curve, 2:3))),
  surface = c(contrasts(whole, sweep(columns(grid$bmi, grid$age), 2, columns(25, 60))), list(interaction = wald(whole, 6:11))),
  n = whole$n, events = whole$nevent), "nhanes.json", digits = NA, auto_unbox = TRUE)
