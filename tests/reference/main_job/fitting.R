# Populations with their cut points, design-based Cox fits, and what is kept of them.

# ---------------------------------------------------------------- results
RESULTS <- list()
keep <- function(analysis, term, estimate, se = NA, n = NA, events = NA)
  RESULTS[[length(RESULTS) + 1]] <<- data.frame(analysis, term, estimate = unname(estimate), se = unname(se), n, events)
write_results <- function() {
  r <- do.call(rbind, RESULTS)
  stopifnot(!anyDuplicated(r[, c("analysis", "term")]))
  for (v in c("estimate", "se")) r[[v]] <- ifelse(is.na(r[[v]]), "", sprintf("%.15g", r[[v]]))
  write.csv(r, OUTPUT, row.names = FALSE, quote = 1:2, na = "")
}

# ---------------------------------------------------------------- small tools
wquantile <- function(x, w, p) {  # R's "math" rule: the smallest value with a cumulative weight share of at least p
  k <- !is.na(x) & w > 0
  o <- order(x[k])
  s <- cumsum(w[k][o]) / sum(w[k])
  vapply(p, function(q) x[k][o][which(s >= q - 1e-14)[1]], 0)
}
rcs <- function(x, k) {  # Harrell's restricted cubic spline, scaled by the squared range of the knots
  n <- length(k)
  cube <- function(u) pmax(u, 0)^3
  bend <- function(i) (cube(x - k[i]) - cube(x - k[n - 1]) * (k[n] - k[i]) / (k[n] - k[n - 1]) +
                         cube(x - k[n]) * (k[n - 1] - k[i]) / (k[n] - k[n - 1])) / (k[n] - k[1])^2
  cbind(x, sapply(seq_len(n - 2), bend))
}

# ---------------------------------------------------------------- adjustment sets
SET1 <- "age + female + race"
NOAGE2 <- "race + season + cycle + education + pir + pir5 + smoking + alcohol + b1 + b2 + b3 + kcal1000 + activity"
SET2 <- paste("(a1 + a2 + a3) * female + age80 +", NOAGE2)
SET3 <- paste(SET2, "+ diabetes + hypertension + cvd + cancer")
V2 <- c("age", "female", "race", "season", "education", "pir", "smoking", "alcohol", "bmi", "kcal_use", "activity")
V3 <- c(V2, "diabetes", "hypertension", "cvd", "cancer")

# ---------------------------------------------------------------- a population: its flow, cut points and columns
flow <- function(x, label, extra) {
  steps <- list("everyone" = rep(TRUE, nrow(x)), "age 20+" = x$age >= 20, "eligible" = x$ELIGSTAT %in% 1,
                "examined" = x$examined, "day-1 recall reliable" = x$status1 %in% 1,
                "25(OH)D measured" = !is.na(x$vitd), "not known to be pregnant" = !(x$RIDEXPRG %in% 1))
  steps <- c(steps, extra(x))
  inside <- rep(TRUE, nrow(x))
  for (s in names(steps)) {
    inside <- inside & steps[[s]]
    keep(paste0(label, "/flow"), s, sum(x$w[inside]), NA, sum(inside), sum(x$died[inside] %in% 1))
  }
  stopifnot(all(x$w[inside] > 0), !anyNA(x$time[inside]))
  inside
}
cut_points <- function(x, label, years) {
  K <- c(.05, .35, .65, .95)
  P <- function(v, p, rows = TRUE) wquantile(x[[v]][x$inside & rows], x$w[x$inside & rows], p)
  cuts <- list(age = P("age", K), bmi = P("bmi", K), vitd = P("vitd", K), mg_median = P("mg_use", .5),
               mg_quartiles = P("mg_use", c(.25, .5, .75)),
               activity_early = if (any(years <= 2005)) P("met", 1:2 / 3, x$year <= 2005),
               activity_late = P("met", 1:2 / 3, x$year >= 2007), curve = P("vitd", c(.01, .99)))
  for (n in names(cuts)) for (i in seq_along(cuts[[n]])) keep(paste0(label, "/cuts"), paste0(n, i), cuts[[n]][i])
  cuts
}
energy_adjusted <- function(x, label) {  # residual of the weighted regression on energy within sex, and its quarter
  x$mg_residual <- x$mg_score <- NA_real_
  for (s in 0:1) {
    r <- which(x$inside & x$female == s & !is.na(x$mg_use))
    x$mg_residual[r] <- x$mg_use[r] - predict(lm(mg_use ~ kcal_use, data = x[r, ], weights = w), x[r, ])
    q <- wquantile(x$mg_residual[r], x$w[r], c(.25, .5, .75))
    keep(paste0(label, "/cuts"), paste0("mg_residual_", c("male", "female")[s + 1], 1:3), q)
    x$mg_score[r] <- 1 + findInterval(x$mg_residual[r], q)
  }
  x$mg_adj_q <- factor(x$mg_score)
  x
}
exposure_columns <- function(x, cuts) {
  third <- function(c) cut(x$met, c(-Inf, c, Inf), c("low", "middle", "high"), right = FALSE)
  x$activity <- third(cuts$activity_late)
  if (!is.null(cuts$activity_early)) x$activity[x$year <= 2005] <- third(cuts$activity_early)[x$year <= 2005]
  for (s in list(c("a", "age"), c("b", "bmi"), c("v", "vitd"))) x[paste0(s[1], 1:3)] <- rcs(x[[s[2]]], cuts[[s[2]]])
  x$mg_ear <- as.numeric(x$mg_use >= x$ear)
  x$low_mg <- 1 - x$mg_ear
  x$mg100 <- x$mg_use / 100
  x$mg200 <- x$mg_use / 200
  x$below_median <- as.numeric(x$mg_use < cuts$mg_median)
  x$quarter <- cut(x$mg_use, c(-Inf, cuts$mg_quartiles, Inf), paste0("Q", 1:4), right = FALSE)
  x$mq <- relevel(x$quarter, "Q4")
  x
}
population <- function(d, label, years, weight, mg, kcal, extra = function(x) NULL) {
  x <- d[d$year %in% years, ]
  x$w <- ifelse(is.na(x[[weight]]), 0, x[[weight]]) / length(years)
  x$inside <- flow(x, label, extra)
  x$mg_use <- x[[mg]]
  x$kcal_use <- x[[kcal]]
  x$kcal1000 <- x$kcal_use / 1000
  cuts <- cut_points(x, label, years)
  x <- energy_adjusted(exposure_columns(x, cuts), label)
  exposures <- x$inside & !is.na(x$vitd) & !is.na(x$mg_use)
  x$rows1 <- exposures & complete.cases(x[, c("age", "female", "race")])
  x$rows2 <- exposures & complete.cases(x[, V2])
  x$common <- exposures & complete.cases(x[, V3])
  for (v in c("mg_use", V3)) keep(paste0(label, "/missing"), v, sum(x$inside & is.na(x[[v]])))
  everyone <- svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~w, nest = TRUE, data = x)
  list(label = label, x = x, design = everyone, cuts = cuts)
}

# ---------------------------------------------------------------- fits; rows outside stay in the design
design_df <- function(x, rows) length(unique(paste(x$SDMVSTRA, x$SDMVPSU)[rows])) - length(unique(x$SDMVSTRA[rows]))
fit <- function(pop, rhs, rows, entry = pop$x$zero, exit = pop$x$time, event = pop$x$died) {
  D <- pop$design
  D$variables <- cbind(pop$x, .entry = entry, .exit = exit, .event = event)
  D <- subset(D, rows)
  D$variables <- droplevels(D$variables)
  formula <- as.formula(paste("Surv(.entry, .exit, .event) ~", paste(rhs, collapse = " + ")))
  control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50)  # the default eps stops up to 3e-9 away
  f <- eval(bquote(svycoxph(.(formula), design = D, method = "efron", control = .(control))))
  attr(f, "n") <- sum(rows)
  attr(f, "events") <- sum(D$variables$.event == 1)
  attr(f, "df") <- design_df(pop$x, rows)
  message(sprintf("%d rows, %d events, %d terms", sum(rows), attr(f, "events"), length(coef(f))))
  f
}
report <- function(analysis, f, pattern = ".") {
  b <- coef(f)
  s <- setNames(sqrt(diag(vcov(f))), names(b))
  for (t in grep(pattern, names(b), value = TRUE)) keep(analysis, t, b[t], s[t], attr(f, "n"), attr(f, "events"))
}
within_strata <- function(analysis, f, main, product) {  # the exposure's log hazard ratio at modifier 0 and 1
  h <- svycontrast(f, setNames(list(setNames(1, main), setNames(c(1, 1), c(main, product))), c("low", "high")))
  keep(analysis, c("within_low", "within_high"), coef(h), SE(h), attr(f, "n"), attr(f, "events"))
}
additive <- function(analysis, f, e = "low_d", m = "low_mg") {
  names(f$coefficients)[match(c(e, m, paste0(e, ":", m)), names(coef(f)))] <- c("e", "m", "p")
  dimnames(f$var) <- list(names(f$coefficients), names(f$coefficients))
  x <- svycontrast(f, list(RERI = quote(exp(e + m + p) - exp(e) - exp(m) + 1),
                           AP = quote((exp(e + m + p) - exp(e) - exp(m) + 1) / exp(e + m + p))))
  keep(analysis, names(coef(x)), coef(x), SE(x), attr(f, "n"), attr(f, "events"))
  b <- coef(f)
  defined <- exp(b["e"]) + exp(b["m"]) > 2 && sum(b[c("e", "m", "p")]) > 0
  s <- if (defined) svycontrast(f, list(logS = quote(log((exp(e + m + p) - 1) / (exp(e) + exp(m) - 2)))))
  keep(analysis, "logS", if (defined) coef(s) else NA, if (defined) SE(s) else NA, attr(f, "n"), attr(f, "events"))
}
additive_3x4 <- function(analysis, f) for (e in c("deficient", "insufficient")) for (m in paste0("Q", 1:3))
  additive(paste(analysis, e, m, sep = "/"), f, paste0("vs", e), paste0("mq", m))
wald <- function(analysis, f, pattern) {  # F = W (df - q + 1) / (q df) on q and df - q + 1 degrees of freedom
  i <- grep(pattern, names(coef(f)))
  b <- coef(f)[i]
  q <- length(i)
  df <- attr(f, "df")
  F <- drop(b %*% solve(vcov(f)[i, i], b)) * (df - q + 1) / (q * df)
  p <- pf(F, q, df - q + 1, lower.tail = FALSE)
  keep(analysis, c("product F", "product df1", "product df2", "product p"), c(F, q, df - q + 1, p))
}
