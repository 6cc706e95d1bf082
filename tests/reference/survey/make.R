# Rscript make.R, in this folder: survey 4.1-1 on data.csv (written by make_data.py), on R's api data and on its nhanes
# data. Writes expected.csv (case, item, index, value), influence.csv, apistrat.csv, apiclus1.csv, apiclus2.csv.
# A case is "data/policy/domain"; matrices are written row by row. The tests need no R.
suppressMessages(library(survey))

rows <- list()
put <- function(case, item, values) {
  values <- as.numeric(values)
  rows[[length(rows) + 1]] <<- data.frame(case = case, item = item, index = seq_along(values) - 1,
                                          value = sprintf("%.17g", values))
}

# every estimator on one design `d` that has been restricted to its domain and to positive weights
describe <- function(case, d, ratio, numbers, category, flag, quantile_of, probs) {
  put(case, "df", degf(d))
  for (v in numbers) {
    f <- reformulate(v)
    m <- svymean(f, d, na.rm = TRUE)
    t <- svytotal(f, d, na.rm = TRUE)
    known <- d[!is.na(d$variables[[v]]), ]
    put(case, paste0("mean ", v), coef(m)); put(case, paste0("mean_var ", v), vcov(m))
    put(case, paste0("mean_df ", v), degf(known))
    put(case, paste0("total ", v), coef(t)); put(case, paste0("total_var ", v), vcov(t))
  }
  both <- svymean(reformulate(ratio), d)
  put(case, "means", coef(both)); put(case, "means_cov", t(vcov(both)))
  r <- svyratio(reformulate(ratio[1]), reformulate(ratio[2]), d)
  put(case, "ratio", coef(r)); put(case, "ratio_var", vcov(r))
  p <- svymean(reformulate(category), d, na.rm = TRUE)
  put(case, "proportion", coef(p)); put(case, "proportion_cov", t(vcov(p)))
  known <- d[!is.na(d$variables[[flag]]), ]
  for (method in c("beta", "logit")) for (level in c(0.95, 0.9)) {
    ci <- suppressWarnings(svyciprop(reformulate(flag), known, method = method, level = level))
    put(case, paste("flag", method, level), c(coef(ci), vcov(ci), attr(ci, "ci")))
  }
  for (v in quantile_of) {
    for (level in c(0.95, 0.9)) {
      q <- svyquantile(reformulate(v), d, probs, alpha = 1 - level, na.rm = TRUE, qrule = "math", interval.type = "mean")
      put(case, paste("quantile", v, level), t(q[[1]]))  # quantile, low, high, se for each probability
    }
  }
  by <- svyby(reformulate(numbers[1]), reformulate(category), d, svymean, na.rm = TRUE)
  put(case, "by", coef(by)); put(case, "by_var", SE(by)^2)
  put(case, "by_df", sapply(as.character(by[[category]]), function(g)
    degf(d[!is.na(d$variables[[numbers[1]]]) & !is.na(d$variables[[category]]) & d$variables[[category]] == g, ])))
}

# --- synthetic ------------------------------------------------------------------------------------------------------
data <- read.csv("data.csv", na.strings = "NA")
data$group <- factor(data$group, levels = c("low", "middle", "high"))
data$id <- seq_len(nrow(data))
domains <- list(everyone = quote(weight > 0), older = quote(weight > 0 & age >= 40))

for (policy in c("fail", "adjust", "average", "certainty")) {
  options(survey.lonely.psu = policy)
  used <- if (policy == "fail") subset(data, stratum != 9) else data
  for (domain in names(domains)) {
    design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = used)
    d <- eval(bquote(subset(design, .(domains[[domain]]))))
    describe(paste("synthetic", policy, domain, sep = "/"), d, c("y", "z"), c("x", "y"), "group", "flag",
             c("x", "z"), c(0.1, 0.25, 0.5, 0.9))
  }
}

# influence and joint covariances, on everyone of data.csv without stratum 9
options(survey.lonely.psu = "fail")
used <- subset(data, stratum != 9)
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = used)
influence <- data.frame()
for (domain in names(domains)) {
  d <- eval(bquote(subset(design, .(domains[[domain]]))))
  made <- matrix(0, nrow(used), 0)
  spread <- function(name, part, d) {
    full <- matrix(0, nrow(used), NCOL(part))
    full[match(d$variables$id, used$id), ] <- as.matrix(part)
    colnames(full) <- name
    made <<- cbind(made, full)
  }
  known <- d[!is.na(d$variables$x), ]
  spread("mean_x", attr(svymean(~x, known, influence = TRUE), "influence"), known)
  spread("mean_y", attr(svymean(~y, d, influence = TRUE), "influence"), d)
  spread("ratio", attr(svyratio(~y, ~z, d, influence = TRUE), "influence"), d)
  known <- d[!is.na(d$variables$group), ]
  spread(paste0("share_", levels(data$group)), attr(svymean(~group, known, influence = TRUE), "influence"), known)
  for (g in levels(data$group)) {
    known <- d[!is.na(d$variables$x) & !is.na(d$variables$group) & d$variables$group == g, ]
    spread(paste0("mean_x_", g), attr(svymean(~x, known, influence = TRUE), "influence"), known)
  }
  put(paste0("synthetic/fail/", domain), "joint_cov",
      t(survey:::svyrecvar(made, design$cluster, design$strata, design$fpc)))
  influence <- rbind(influence, data.frame(domain = domain, row = used$id - 1, made))
}
for (column in names(influence)[-(1:2)]) influence[[column]] <- sprintf("%.17g", influence[[column]])
write.csv(influence, "influence.csv", row.names = FALSE, quote = FALSE)

# --- api: California Academic Performance Index, distributed with survey --------------------------------------------
options(survey.lonely.psu = "fail")
data(api)
keep <- c("cds", "stype", "dnum", "pw", "api00", "api99", "enroll", "comp.imp")
designs <- list(
  apistrat = list(apistrat, ~1, ~stype),
  apiclus1 = list(apiclus1, ~dnum, NULL),
  apiclus2 = list(apiclus2, ~dnum, NULL)
)
for (name in names(designs)) {
  part <- designs[[name]]
  api <- part[[1]][keep]
  write.csv(api, paste0(name, ".csv"), row.names = FALSE)
  api$improved <- as.numeric(api$comp.imp == "Yes")
  d <- if (is.null(part[[3]])) svydesign(id = part[[2]], weights = ~pw, data = api)
       else svydesign(id = part[[2]], strata = part[[3]], weights = ~pw, data = api)
  describe(paste0(name, "/fail/everyone"), d, c("api00", "api99"), c("api00", "enroll"), "stype", "improved", "api00",
           c(0.25, 0.5, 0.75))
  describe(paste0(name, "/fail/larger"), subset(d, enroll > 300), c("api00", "api99"), c("api00", "enroll"), "stype",
           "improved", "api00", c(0.25, 0.5, 0.75))
}

# --- nhanes: cholesterol 2009-2010, distributed with survey; the test rebuilds it from CDC's files -------------------
data(nhanes)
nhanes$race <- factor(nhanes$race)
nhanes$one <- 1
design <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
put("nhanes", "rows", c(nrow(nhanes), sum(nhanes$HI_CHOL == 1, na.rm = TRUE), sum(is.na(nhanes$HI_CHOL))))
put("nhanes", "weights", sum(nhanes$WTMEC2YR))
for (domain in c("everyone", "women")) {
  d <- if (domain == "everyone") design else subset(design, RIAGENDR == 2)
  by <- svyby(~HI_CHOL, ~agecat, d, svymean, na.rm = TRUE)
  m <- svymean(~HI_CHOL, d, na.rm = TRUE)
  known <- subset(d, !is.na(HI_CHOL))
  ci <- svyciprop(~HI_CHOL, known, method = "beta")
  case <- paste0("nhanes/", domain)
  put(case, "mean", c(coef(m), vcov(m), degf(known)))
  put(case, "by", coef(by)); put(case, "by_var", SE(by)^2)
  put(case, "beta", attr(ci, "ci"))
  put(case, "race", coef(svymean(~race, d))); put(case, "race_cov", t(vcov(svymean(~race, d))))
}

write.csv(do.call(rbind, rows), "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "VERSIONS.txt")
