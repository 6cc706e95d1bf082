# Replicate weights and covariances by R's survey package, of the synthetic survey in ../survey/data.csv.
# JKn and the bootstrap on all strata but the one with one PSU; BRR and Fay on the first two PSUs of each stratum.
# usage, in this folder: Rscript make.R   (writes expected.csv, weights.csv and VERSIONS.txt)
suppressPackageStartupMessages({library(survey); library(survival)})
data <- read.csv("../survey/data.csv", stringsAsFactors = FALSE)
data <- data[data$stratum != 9, ]
data$x0 <- ifelse(is.na(data$x), 0, data$x)
data$older <- data$age >= 40
data$months <- data$z + data$age / 100  # untied
data$died <- as.numeric(data$y > 15)
design_of <- function(rows) svydesign(~psu, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE)
pairs <- data[data$psu <= 2, ]
# coxph refuses weights of 0, so the rows that a replicate leaves out are dropped.
cox <- function(w, rows) {
  rows$w <- w
  coef(coxph(Surv(months, died) ~ age, rows[w > 0, ], weights = w, ties = "efron",
             control = coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 50)))
}
set.seed(7)
designs <- list(
  jackknife = as.svrepdesign(design_of(data), type = "JKn", mse = TRUE),
  brr = as.svrepdesign(design_of(pairs), type = "BRR", mse = TRUE),
  fay = as.svrepdesign(design_of(pairs), type = "Fay", fay.rho = 0.3, mse = TRUE),
  bootstrap = as.svrepdesign(design_of(data), type = "subbootstrap", replicates = 40, mse = TRUE)
)
cells <- function(case, v) {
  v <- as.matrix(v)
  at <- which(lower.tri(v, diag = TRUE), arr.ind = TRUE)
  data.frame(case = case, i = at[, 1], j = at[, 2], value = sprintf("%.17g", v[at]))
}
expected <- do.call(rbind, lapply(names(designs), function(method) {
  d <- designs[[method]]
  d$variables$one <- 1
  rows <- rbind(
    cells("total", vcov(svytotal(~age + x0, d))),
    cells("mean", vcov(svymean(~age + x0, d))),
    cells("domain", vcov(svymean(~x0, subset(d, older)))),
    cells("ratio", vcov(svyratio(~x0, ~age, d))),
    cells("glm", vcov(svyglm(x0 ~ age, d))),
    cells("logistic", vcov(svyglm(died ~ age, d, family = quasibinomial(), epsilon = 1e-14, maxit = 50))),
    cells("cox", vcov(withReplicates(d, cox)))
  )
  cbind(method = method, rows)
}))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
weights <- do.call(rbind, lapply(c("brr", "fay", "bootstrap"), function(method) {
  d <- designs[[method]]
  factors <- weights(d, "replication")
  first <- !duplicated(d$variables[c("stratum", "psu")])
  rows <- d$variables[first, c("stratum", "psu")]
  made <- as.matrix(factors)[first, , drop = FALSE]
  do.call(rbind, lapply(seq_len(ncol(made)), function(r)
    data.frame(method = method, replicate = r, rows, factor = sprintf("%.17g", made[, r]), scale = d$scale)))
}))
weights$scale <- sprintf("%.17g", weights$scale)
write.csv(weights, "weights.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey")), paste("survival", packageVersion("survival"))),
           "VERSIONS.txt")
