# Writes expected.json and pbc.csv of this folder: Cox models by R's survey and survival packages, with Efron's and
# Breslow's ties, delayed entry, Cox strata, domains, zero weights and every policy for strata with one PSU; tests of
# proportional hazards by svycoxph on rows split at every event time; Kaplan-Meier curves.
# Run in this folder: python make_inputs.py; Rscript make.R    (R 4.2.2, survey 4.1-1, survival 3.5-3; tests need no R)
# svycoxph() names the ties `method`. Its fits are given eps = 1e-14: at R's default they stop up to 3e-9 away.
suppressPackageStartupMessages({library(survey); library(survival); library(jsonlite)})
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
data <- read.csv("data.csv")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
covariates <- "age + x + flag + group"

design_of <- function(rows, weight = "weight", psu = "psu") {
  svydesign(ids = reformulate(psu), strata = ~strata, weights = reformulate(weight), data = rows, nest = TRUE)
}

# Score residuals and log-likelihood from coxph with the weights scaled to mean 1 over the rows used; robust = FALSE
# keeps `var` the inverse information.
one <- function(case, design) {
  options(survey.lonely.psu = case$policy)
  if (!is.null(case$domain)) design <- subset(design, eval(parse(text = case$domain)))
  formula <- as.formula(paste(case$surv, "~", case$right))
  fit <- eval(bquote(svycoxph(.(formula), design, method = .(case$ties), control = control)))
  rows <- model.frame(design)
  rows$scaled <- weights(design) / mean(weights(design))
  plain <- coxph(formula, rows, weights = scaled, ties = case$ties, robust = FALSE, control = control)
  id <- paste(rows$strata, rows[[case$psu]])
  dfbeta <- resid(plain, "dfbeta", weighted = TRUE)
  totals <- rowsum(as.matrix(dfbeta), id)
  made <- list(terms = names(coef(fit)), coefficients = unname(coef(fit)), covariance = unname(vcov(fit)),
               naive = unname(plain$var), loglik = plain$loglik, psus = rownames(totals), totals = unname(totals),
               n = nrow(rows), events = plain$nevent, df = degf(design))
  stopifnot(max(abs(coef(plain) - coef(fit))) < 1e-12)
  if (case$with_baseline) {
    hazard <- basehaz(plain, centered = FALSE)
    made$baseline <- hazard[c(TRUE, diff(hazard$hazard) > 0) & hazard$hazard > 0, ]
  }
  c(case, made)
}

case <- function(surv, ties = "efron", right = covariates, domain = NULL, policy = "fail", psu = "psu",
                 weight = "weight", baseline = FALSE) {
  list(surv = surv, ties = ties, right = right, domain = domain, policy = policy, psu = psu, weight = weight,
       with_baseline = baseline)
}
months <- "Surv(months, died)"
delayed <- "Surv(entry, exit, died)"
late <- "Surv(late, months, died)"
by_site <- paste(covariates, "+ strata(site)")
cases <- list(
  efron = case(months, baseline = TRUE),
  breslow = case(months, "breslow", baseline = TRUE),
  heavy_ties_efron = case("Surv(period, died)", baseline = TRUE),
  heavy_ties_breslow = case("Surv(period, died)", "breslow"),
  untied = case("Surv(time, died)", baseline = TRUE),
  age_as_time_efron = case(delayed, right = "x + flag + group", baseline = TRUE),
  age_as_time_breslow = case(delayed, "breslow", right = "x + flag + group"),
  late_entry_efron = case(late),
  late_entry_breslow = case(late, "breslow"),
  strata_efron = case(months, right = by_site),
  strata_breslow = case(months, "breslow", right = by_site),
  late_entry_strata_efron = case(late, right = by_site),
  late_entry_strata_breslow = case(late, "breslow", right = by_site),
  heavy_ties_strata = case("Surv(period, died)", right = by_site),
  product = case(months, right = "age + x * flag + group"),
  domain_efron = case(months, domain = "domain == 1"),
  domain_breslow = case(months, "breslow", domain = "domain == 1"),
  domain_late_entry = case(late, domain = "domain == 1"),
  zero_weights = case(months, weight = "weight_some", domain = "weight_some > 0"),
  zero_weights_heavy_ties = case("Surv(period, died)", weight = "weight_some", domain = "weight_some > 0"),
  zero_weights_late_entry = case(late, "breslow", weight = "weight_some", domain = "weight_some > 0"),
  lonely_adjust = case(months, policy = "adjust", psu = "psu_lonely"),
  lonely_average = case(months, policy = "average", psu = "psu_lonely"),
  lonely_certainty = case(months, policy = "certainty", psu = "psu_lonely"),
  lonely_adjust_domain = case(late, policy = "adjust", psu = "psu_lonely", domain = "domain == 1"),
  lonely_average_domain = case(late, policy = "average", psu = "psu_lonely", domain = "domain == 1"),
  lonely_certainty_domain = case(late, policy = "certainty", psu = "psu_lonely", domain = "domain == 1")
)
made <- lapply(cases, function(one_case) one(one_case, design_of(data, one_case$weight, one_case$psu)))

# Mayo Clinic's trial in primary biliary cirrhosis (survival's `pbc`; Therneau and Grambsch 2000), with weights for
# having been randomised as in the help page of svycoxph; each patient is a PSU.
pbc <- survival::pbc
pbc$randomised <- as.integer(!is.na(pbc$trt) & pbc$trt > 0)
chance <- glm(randomised ~ age * edema, data = pbc, family = binomial)
pbc$weight <- signif(1 / fitted(chance), 12)
pbc <- subset(pbc, randomised == 1)[, c("id", "time", "status", "bili", "protime", "albumin", "age", "edema", "weight")]
write.csv(pbc, "pbc.csv", row.names = FALSE, quote = FALSE)
pbc <- read.csv("pbc.csv")
options(survey.lonely.psu = "fail")
pbc_design <- svydesign(ids = ~1, weights = ~weight, data = pbc)
pbc_fit <- svycoxph(Surv(time, status == 2) ~ log(bili) + protime + albumin, pbc_design, method = "efron",
                    control = control)
made_pbc <- list(coefficients = unname(coef(pbc_fit)), covariance = unname(vcov(pbc_fit)))

# Proportional hazards: rows split at every event time, x g(t) as columns of the split rows.
transforms <- list(log = log, identity = identity)
proportional <- function(start, end, ties, transform, right, strata = FALSE) {
  rows <- data
  rows$low <- as.integer(rows$group == "low"); rows$high <- as.integer(rows$group == "high")
  rows$zero <- 0
  rows$begin <- rows[[start]]; rows$end <- rows[[end]]
  times <- sort(unique(rows$end[rows$died == 1]))
  split <- survSplit(Surv(begin, end, died) ~ ., rows, cut = times)
  g <- transforms[[transform]](split$end)
  products <- sapply(right, function(name) { split[[paste0(name, "_g")]] <<- split[[name]] * g; paste0(name, "_g") })
  terms <- c(right, products, if (strata) "strata(site)")
  formula <- as.formula(paste("Surv(begin, end, died) ~", paste(terms, collapse = " + ")))
  fit <- eval(bquote(svycoxph(.(formula), design_of(split), method = .(ties), control = control)))
  k <- length(right)
  list(time = end, entry = if (start != "zero") start, ties = ties, transform = transform, right = right,
       strata = strata, slopes = unname(coef(fit))[k + seq_len(k)],
       covariance = unname(vcov(fit))[k + seq_len(k), k + seq_len(k)])
}
tests <- list(
  log_efron = proportional("zero", "period", "efron", "log", c("age", "x", "flag", "high")),
  identity_breslow = proportional("zero", "period", "breslow", "identity", c("age", "flag")),
  months_efron = proportional("zero", "months", "efron", "log", c("age", "flag")),
  late_entry_efron = proportional("late", "months", "efron", "identity", c("age", "flag", "high")),
  strata_efron = proportional("zero", "period", "efron", "log", c("age", "flag"), strata = TRUE)
)

# Kaplan-Meier: svykm(se = FALSE); with se = TRUE it gives exp(-cumulative hazard). Late entry by survfit.
design <- design_of(data)
km <- svykm(Surv(months, died) ~ group, design, se = FALSE)
curves <- lapply(km, function(curve) list(time = curve$time, survival = curve$surv))
entering <- survfit(Surv(late, months, died) ~ 1, data, weights = weight)
at_risk <- survfit(Surv(late, months, died) ~ 1, data)
curves$late_entry <- list(time = entering$time, survival = entering$surv, at_risk = at_risk$n.risk,
                          at_risk_weighted = entering$n.risk, events = at_risk$n.event)

write_json(list(cases = made, pbc = made_pbc, proportional = tests, curves = curves), "expected.json", digits = I(17),
           auto_unbox = TRUE, null = "null", na = "null")
