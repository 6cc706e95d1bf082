# Writes expected.csv: the whole main job, from the raw files to hazard ratios, by R's foreign, survey and survival.
# usage: Rscript make.R MIRROR OUTPUT
#   MIRROR  a folder with CDC's files in wwwn.cdc.gov/... and ftp.cdc.gov/..., 2001-2018 and the linked mortality
#   OUTPUT  the CSV file to write
# About four minutes. R 4.2.2, foreign 0.8-84, survey 4.1-1, survival 3.5-3.
args <- commandArgs(trailingOnly = TRUE)
if (length(args) != 2 || !dir.exists(args[1])) {
  message("usage: Rscript make.R MIRROR OUTPUT\n  MIRROR must be a folder, OUTPUT the CSV file to write")
  quit("no", status = 2)
}
MIRROR <- args[1]
OUTPUT <- args[2]
suppressPackageStartupMessages({library(foreign); library(survival); library(survey)})
options(survey.lonely.psu = "fail")
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "people.R"))
source(file.path(here, "fitting.R"))

T2 <- "^(vitd25|mg_ear)$"
T3 <- "^(vitd25|mg_ear|vitd25:mg_ear)$"
primary <- function(pop, name, rhs = SET2, rows = pop$x$common, ..., terms = T3) {
  a <- paste0(pop$label, "/", name)
  f <- fit(pop, c("vitd25 * mg_ear", rhs), rows, ...)
  report(a, f, terms)
  within_strata(a, f, "vitd25", "vitd25:mg_ear")
  invisible(f)
}
deficits <- function(pop, name, rhs = SET2, rows = pop$x$common, ...) {
  a <- paste0(pop$label, "/", name)
  f <- fit(pop, c("low_d * low_mg", rhs), rows, ...)
  report(a, f, "^low_")
  additive(a, f)
}
main_effects <- function(pop, name, terms, rhs, rows = pop$x$common, ..., pattern = ".")
  report(paste0(pop$label, "/", name), fit(pop, c(terms, rhs), rows, ...), pattern)
sets_of <- function(x) list(set1_all = list(SET1, x$rows1), set1 = list(SET1, x$common), set2_own = list(SET2, x$rows2),
                            set2 = list(SET2, x$common), set3 = list(SET3, x$common))

# What each of the three populations is asked: both primary analyses in every set, companions and main effects in set 2.
primary_in_sets <- function(pop) {
  sets <- sets_of(pop$x)
  for (s in names(sets)) {
    whole <- s %in% c("set1", "set2", "set3")  # every coefficient, covariates too
    primary(pop, paste0("primary/", s), sets[[s]][[1]], sets[[s]][[2]], terms = if (whole) "." else T3)
    deficits(pop, paste0("deficits/", s), sets[[s]][[1]], sets[[s]][[2]])
  }
}
companion <- function(pop, name, terms, pattern, product = NULL) {
  a <- paste0(pop$label, "/", name, "/set2")
  f <- fit(pop, c(terms, SET2), pop$x$common)
  report(a, f, pattern)
  if (!is.null(product)) wald(a, f, product)
  f
}
companions <- function(pop) {
  spline <- companion(pop, "spline_x_ear", "(v1 + v2 + v3) * mg_ear", "^v[123]|mg_ear", "^v[123]:mg_ear")
  companion(pop, "spline_x_mg100", "(v1 + v2 + v3) * mg100", "^v[123]|mg100", "^v[123]:mg100")
  companion(pop, "linear", "vitd10 * mg100", "vitd10|mg100", "vitd10:mg100")
  companion(pop, "picture", "vitd50 * mg200", "vitd50|mg200")
  f <- companion(pop, "median2x2", "low_d * below_median", "low_d|below_median", "low_d:below_median")
  additive(paste0(pop$label, "/median2x2/set2"), f, "low_d", "below_median")
  f <- companion(pop, "3x4", "vs * mq", ".", "^vs.*:mq")
  additive_3x4(paste0(pop$label, "/3x4/set2"), f)
  spline
}

d <- everyone()

# ---------------------------------------------------------------- the main population, 2001-2018
M <- population(d, "main", YEARS, "WTDRD1", "mg", "kcal")
x <- M$x
C <- x$common
primary_in_sets(M)
spline <- companions(M)
at <- rcs(c(M$cuts$curve, 75), M$cuts$vitd)  # the ends of the curve against 75 nmol/L
for (m in 0:1) for (i in 1:2) {
  g <- at[i, ] - at[3, ]
  k <- setNames(c(g, m * g), c("v1", "v2", "v3", "v1:mg_ear", "v2:mg_ear", "v3:mg_ear"))
  h <- svycontrast(spline, list(k))
  keep("main/curve", paste0("ear", m, "_", c("low", "high")[i]), coef(h), SE(h))
}
naive <- fit(M, c("vitd25 * mg_ear", SET2), C)  # its naive.var is the inverse information
keep("main/naive", names(coef(naive)), sqrt(diag(naive$naive.var)))

# main effects alone
Q <- M  # quarters of magnesium against the lowest
Q$x$mq <- x$quarter
sets <- sets_of(x)
for (s in names(sets)) {
  rhs <- sets[[s]][[1]]
  rows <- sets[[s]][[2]]
  main_effects(M, paste0("additive/", s), "vitd25 + mg_ear", rhs, rows, pattern = T2)
  main_effects(M, paste0("additive_linear/", s), "vitd10 + mg100", rhs, rows, pattern = "vitd10|mg100")
  main_effects(Q, paste0("additive_categories/", s), "vs + mq", rhs, rows, pattern = "^vs|^mq")
}
main_effects(M, "additive_spline/set2", "v1 + v2 + v3 + mg_ear", SET2, pattern = "^v[123]|mg_ear")

# single causes
for (o in c("heart", "cancer_death")) {
  primary(M, paste0("cause/", o), event = x[[o]])
  deficits(M, paste0("cause_deficits/", o), event = x[[o]])
  main_effects(M, paste0("cause_additive/", o), "vitd25 + mg_ear", SET2, event = x[[o]], pattern = T2)
}

# sensitivities, set 2
from <- function(month) rep(month, nrow(x))
primary(M, "sens/delayed24", rows = C & x$time > 24, entry = from(24))
primary(M, "sens/window0_60", exit = pmin(x$time, 60), event = as.numeric(x$died == 1 & x$time <= 60))
primary(M, "sens/window60_120", rows = C & x$time > 60, entry = from(60), exit = pmin(x$time, 120),
        event = as.numeric(x$died == 1 & x$time <= 120))
primary(M, "sens/window120_", rows = C & x$time > 120, entry = from(120))
primary(M, "sens/healthy", rows = C & x$healthy == 1)
BY_AGE <- c(NOAGE2, "strata(female, decade)")
primary(M, "sens/age_scale_under80", BY_AGE, C & x$age < 80, entry = x$entry_month, exit = x$entry_month + x$time)
primary(M, "sens/age_scale_all", BY_AGE, entry = 12 * x$age, exit = 12 * x$age + x$time)
for (year in c(2005, 2007)) {
  primary(M, paste0("sens/", year, "+"), rows = C & x$year >= year)
  deficits(M, paste0("deficits/set2_", year, "+"), rows = C & x$year >= year)
}
primary(M, "sens/energy500_6000", rows = C & x$kcal >= 500 & x$kcal <= 6000)
D1 <- M  # the first day's magnesium and energy
D1$x$mg_ear <- as.numeric(x$mg_day1 >= x$ear)
D1$x$kcal1000 <- x$kcal_day1 / 1000
primary(D1, "sens/day1")
primary(D1, "sens/day1_energy500_6000", rows = C & x$kcal_day1 >= 500 & x$kcal_day1 <= 6000)
for (e in c("mg_score", "mg_adj_q")) {
  a <- c(mg_score = "main/sens/energy_adjusted_trend", mg_adj_q = "main/sens/energy_adjusted_quarters")[[e]]
  f <- fit(M, c(paste("vitd25 *", e), SET2), C)
  report(a, f, paste0("vitd25|", e))
  wald(a, f, paste0("vitd25:", e))
}

# figure of trust: how the hazard ratios change as the adjustment grows
SOCIAL <- c(SET1, "smoking", "education + pir + pir5")
ENERGY <- c(SOCIAL, "kcal1000")
trust <- function(name, rhs, rows = C, ...)
  main_effects(M, paste0("trust/", name), "vitd25 + mg_ear", rhs, rows, ..., pattern = T2)
trust("crude", NULL)
trust("set1", SET1)
trust("smoking", c(SET1, "smoking"))
trust("education_income", SOCIAL)
trust("energy", ENERGY)
trust("healthy", ENERGY, C & x$healthy == 1)
trust("after10", ENERGY, C & x$time > 120, entry = from(120))

# subgroups: does the product differ?
for (g in c("female", "age65", "race")) {
  f <- fit(M, c(paste("vitd25 * mg_ear *", g), SET2), C)
  report(paste0("main/subgroup/", g), f, "vitd25:mg_ear")
  wald(paste0("main/subgroup/", g), f, "vitd25:mg_ear:")
}

# degrees of freedom where rows or strata fall away
rows_of <- list(common = C, after24 = C & x$time > 24, after60 = C & x$time > 60, after120 = C & x$time > 120,
                from2005 = C & x$year >= 2005, from2007 = C & x$year >= 2007)
for (r in names(rows_of)) keep("main/df", r, design_df(x, rows_of[[r]]))

# crude survival by joint category, and Table 1, in the population
GROUPS <- c("both high", "only magnesium low", "only 25(OH)D low", "both low")
x$joint <- factor(GROUPS[1 + 2 * x$low_d + x$low_mg], GROUPS)
for (g in GROUPS) {
  k <- which(x$inside & x$joint == g)
  s <- survfit(Surv(time, died) ~ 1, data = x[k, ], weights = x$w[k])
  for (t in c(60, 120, 180))
    keep("main/km", paste0(g, "@", t), s$surv[max(which(s$time <= t))])
}
D0 <- M$design
D0$variables <- x
D0 <- subset(D0, x$inside)
for (v in c("age", "bmi", "kcal", "mg", "vitd", "pir", "smoking", "alcohol", "activity", "education")) {
  s <- svymean(reformulate(v), D0, na.rm = TRUE)
  keep("main/table1", names(coef(s)), coef(s), SE(s))
}
s <- svyby(~vitd, ~joint, D0, svymean)
keep("main/table1", paste0("vitd|", GROUPS), coef(s), SE(s))
keep("main/counts", "0 months in the domain", sum(x$inside & x$PERMTH_EXM %in% 0))
keep("main/counts", "deaths without a cause in the domain", sum(x$inside & x$died %in% 1 & is.na(x$UCOD)))

# ---------------------------------------------------------------- two more populations, with cut points of their own
S <- population(d, "total", seq(2007, 2017, 2), "WTDRD1", "mg_total", "kcal")  # diet and supplements
B <- population(d, "two_days", seq(2003, 2017, 2), "WTDR2D", "mg_two", "kcal_two",
                function(x) list("day-2 recall reliable" = x$status2 %in% 1))
for (pop in list(S, B)) {
  primary_in_sets(pop)
  companions(pop)
  main_effects(pop, "additive/set2", "vitd25 + mg_ear", SET2, pattern = T2)
  keep(paste0(pop$label, "/df"), "common", design_df(pop$x, pop$x$common))
}
primary(B, "sens/2005+", rows = B$x$common & B$x$year >= 2005)
write_results()
