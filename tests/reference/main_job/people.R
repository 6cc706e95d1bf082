# From the raw files to one row a person: read, join, recode. Codes are those of CDC's codebooks.

YEARS <- seq(2001, 2017, 2)
LETTER <- setNames(LETTERS[2:10], YEARS)

# ---------------------------------------------------------------- raw files
xpt <- function(year, file, columns, optional = character()) {
  name <- paste0(file, "_", LETTER[[as.character(year)]], ".xpt")
  path <- file.path(MIRROR, "wwwn.cdc.gov/Nchs/Data/Nhanes/Public", year, "DataFiles", name)
  d <- read.xport(path)
  names(d) <- toupper(names(d))
  lacking <- setdiff(columns, names(d))
  if (length(lacking)) stop(path, " lacks ", paste(lacking, collapse = ", "))
  for (o in setdiff(optional, names(d))) d[[o]] <- NA_real_
  d <- d[, c(columns, optional), drop = FALSE]
  for (v in names(d)) if (is.numeric(d[[v]])) {  # some readers give an exact zero of a transport file as 5.4e-79
    tiny <- !is.na(d[[v]]) & d[[v]] != 0 & abs(d[[v]]) < 1e-70
    d[[v]][tiny] <- 0
  }
  d
}

mortality <- function(year) {
  folder <- "ftp.cdc.gov/pub/Health_Statistics/NCHS/datalinkage/linked_mortality"
  path <- file.path(MIRROR, folder, sprintf("NHANES_%d_%d_MORT_2019_PUBLIC.dat", year, year + 1))
  lines <- sprintf("%-48s", sub("\r$", "", readLines(path)))
  number <- function(a, b) { s <- trimws(substr(lines, a, b)); s[s %in% c("", ".")] <- NA; as.numeric(s) }
  data.frame(SEQN = number(1, 14), ELIGSTAT = number(15, 15), MORTSTAT = number(16, 16), UCOD = number(17, 19),
             PERMTH_EXM = number(46, 48))
}

join <- function(d, f) {  # left join on SEQN that keeps the order of d
  stopifnot(!anyDuplicated(f$SEQN), all(f$SEQN %in% d$SEQN))
  i <- match(d$SEQN, f$SEQN)
  for (v in setdiff(names(f), "SEQN")) d[[v]] <- f[[v]][i]
  d
}

not <- function(x, ...) { x[x %in% c(...)] <- NA; x }  # codes that mean unknown

recalls <- function(d, year) {
  if (year == 2001) {
    r <- xpt(year, "DRXTOT", c("SEQN", "DRDDRSTZ", "WTDRD1", "DRXTKCAL", "DRXTMAGN"))
    names(r) <- c("SEQN", "status1", "WTDRD1", "kcal1", "mg1")
    d <- join(d, r)
    d$status2 <- d$kcal2 <- d$mg2 <- d$WTDR2D <- NA_real_
    return(d)
  }
  r <- xpt(year, "DR1TOT", c("SEQN", "DR1DRSTZ", "WTDRD1", "WTDR2D", "DR1TKCAL", "DR1TMAGN"))
  names(r) <- c("SEQN", "status1", "WTDRD1", "WTDR2D", "kcal1", "mg1")
  d <- join(d, r)
  r <- xpt(year, "DR2TOT", c("SEQN", "DR2DRSTZ", "DR2TKCAL", "DR2TMAGN"))
  names(r) <- c("SEQN", "status2", "kcal2", "mg2")
  join(d, r)
}

alcohol_answers <- function(year) {
  a <- if (year < 2017) xpt(year, "ALQ", c("SEQN", "ALQ110", "ALQ120Q", "ALQ120U", "ALQ130"))
       else xpt(year, "ALQ", c("SEQN", "ALQ111", "ALQ121", "ALQ130"))
  a$ALQ130 <- if (year <= 2003) not(a$ALQ130, 77, 99) else not(a$ALQ130, 777, 999)
  for (o in setdiff(c("ALQ110", "ALQ120Q", "ALQ120U", "ALQ111", "ALQ121"), names(a))) a[[o]] <- NA_real_
  a[, c("SEQN", "ALQ110", "ALQ120Q", "ALQ120U", "ALQ111", "ALQ121", "ALQ130")]
}

activity_past_30_days <- function(year) {  # MET-minutes a week, questionnaire of 1999-2006
  p <- xpt(year, "PAQ", c("SEQN", "PAD020", "PAQ050Q", "PAQ050U", "PAD080", "PAQ100", "PAD120", "PAD160", "PAD200",
                          "PAD320"))
  q <- xpt(year, "PAQIAF", c("SEQN", "PADMETS", "PADTIMES", "PADDURAT"))
  bad <- c(77777, 99999)
  times <- not(p$PAQ050Q, bad)
  days <- ifelse(p$PAQ050U %in% 1, 7, ifelse(p$PAQ050U %in% 2, times, ifelse(p$PAQ050U %in% 3, times * 7 / 30, NA)))
  days <- pmin(days, 7)
  part <- function(gate, amount) ifelse(gate %in% 1, amount, ifelse(gate %in% c(2, 3), 0, NA))
  transport <- part(p$PAD020, 4 * days * not(p$PAD080, bad))
  home <- part(p$PAQ100, 4.5 * not(p$PAD120, bad) * not(p$PAD160, bad) * 7 / 30)
  each <- q$PADMETS * not(q$PADTIMES, bad) * not(q$PADDURAT, bad) * 7 / 30
  sums <- tapply(each, q$SEQN, sum)  # one unknown row makes the person's sum unknown
  leisure <- ifelse(p$SEQN %in% q$SEQN, sums[match(p$SEQN, as.numeric(names(sums)))],
                    ifelse(p$PAD200 %in% 1:3 & p$PAD320 %in% 1:3, 0, NA))
  data.frame(SEQN = p$SEQN, met = round(transport + home + leisure, 6))
}

activity_typical_week <- function(year) {  # MET-minutes a week, questionnaire from 2007 on
  p <- xpt(year, "PAQ", c("SEQN", "PAQ605", "PAQ610", "PAD615", "PAQ620", "PAQ625", "PAD630", "PAQ635", "PAQ640",
                          "PAD645", "PAQ650", "PAQ655", "PAD660", "PAQ665", "PAQ670", "PAD675"))
  part <- function(gate, days, minutes, met) {
    amount <- met * not(p[[days]], 77, 99) * not(p[[minutes]], 7777, 9999)
    ifelse(p[[gate]] %in% 1, amount, ifelse(p[[gate]] %in% 2, 0, NA))
  }
  met <- part("PAQ605", "PAQ610", "PAD615", 8) + part("PAQ620", "PAQ625", "PAD630", 4) +
    part("PAQ635", "PAQ640", "PAD645", 4) + part("PAQ650", "PAQ655", "PAD660", 8) +
    part("PAQ665", "PAQ670", "PAD675", 4)
  data.frame(SEQN = p$SEQN, met = round(met, 6))
}

one_cycle <- function(year) {
  d <- xpt(year, "DEMO", c("SEQN", "RIDSTATR", "RIAGENDR", "RIDAGEYR", "RIDRETH1", "RIDEXMON", "RIDEXPRG", "DMDEDUC2",
                           "INDFMPIR", "SDMVSTRA", "SDMVPSU", "WTMEC2YR"), "RIDAGEEX")
  d$year <- year
  d <- recalls(join(d, mortality(year)), year)
  v <- xpt(year, "VID", c("SEQN", if (year <= 2005) "LBDVIDMS" else "LBXVIDMS"))
  names(v) <- c("SEQN", "vitd")
  d <- join(d, v)
  amount <- if (year == 2001) c("SMD080", "SMD090") else c("SMD641", "SMD650")  # days and cigarettes a day
  s <- xpt(year, "SMQ", c("SEQN", "SMQ020", "SMQ040", amount))
  names(s)[4:5] <- c("smoke_days", "smoke_cigs")
  d <- join(join(d, s), alcohol_answers(year))
  d <- join(d, xpt(year, "BMX", c("SEQN", "BMXBMI")))
  d <- join(d, xpt(year, "DIQ", c("SEQN", "DIQ010")))
  d <- join(d, xpt(year, "BPQ", c("SEQN", "BPQ020")))
  d <- join(d, xpt(year, "HUQ", c("SEQN", "HUQ010")))
  d <- join(d, xpt(year, "MCQ", c("SEQN", paste0("MCQ160", LETTERS[2:6]), "MCQ220", paste0("MCQ230", LETTERS[1:4]))))
  d <- join(d, if (year <= 2005) activity_past_30_days(year) else activity_typical_week(year))
  d$mg_supplement <- NA_real_
  if (year >= 2007) {  # the 30-day total; absent with DSD010 1 or 2 is nothing taken
    t <- xpt(year, "DSQTOT", c("SEQN", "DSD010", "DSQTMAGN"))
    t$mg_supplement <- ifelse(!is.na(t$DSQTMAGN), t$DSQTMAGN, ifelse(t$DSD010 %in% 1:2, 0, NA))
    d <- join(d, t[, c("SEQN", "mg_supplement")])
  }
  d
}

# ---------------------------------------------------------------- variables
levels_of <- function(x, ...) {  # one name per test, in the order of the tests; a test is TRUE or FALSE
  tests <- list(...)
  made <- rep(NA_character_, length(x))
  for (n in rev(names(tests))) made[tests[[n]]] <- n
  made
}

with_smoking <- function(d) {
  amount <- ifelse(not(d$smoke_days, 77, 99) %in% 0, 0, not(d$smoke_days, 77, 99) * not(d$smoke_cigs, 777, 999))
  current <- d$SMQ020 %in% 1 & d$SMQ040 %in% 1:2 & !is.na(amount)  # cigarettes in 30 days: 450 is 15 a day
  d$smoking <- factor(levels_of(d$SEQN, "never" = d$SMQ020 %in% 2, "former" = d$SMQ020 %in% 1 & d$SMQ040 %in% 3,
                                "<15" = current & amount < 450, "15+" = current & amount >= 450),
                      c("never", "former", "<15", "15+"))
  d
}

with_alcohol <- function(d) {  # the first test that holds decides; light is up to 3 drinks a week
  days <- pmin(not(d$ALQ120Q, 777, 999) * c(52, 12, 1)[match(d$ALQ120U, 1:3)], 364)
  days_2017 <- c(364, 286, 182, 104, 52, 30, 12, 9, 4.5, 1.5)[match(d$ALQ121, 1:10)]
  days <- ifelse(d$year == 2017, days_2017, days)
  d$drinks_year <- days * pmin(d$ALQ130, 15)
  known <- !is.na(d$drinks_year)
  limit <- ifelse(d$female == 1, 364, 728)
  d$alcohol <- factor(levels_of(d$SEQN, "never" = d$ALQ110 %in% 2 | d$ALQ111 %in% 2,
                                "former" = d$ALQ120Q %in% 0 | d$ALQ121 %in% 0,
                                "light" = known & d$drinks_year <= 156,
                                "moderate" = known & d$drinks_year <= limit, "heavy" = known),
                      c("never", "former", "light", "moderate", "heavy"))
  d
}

with_health <- function(d) {
  yes_no <- function(x, yes = 1, no = 2) ifelse(x %in% yes, 1, ifelse(x %in% no, 0, NA))
  d$diabetes <- yes_no(d$DIQ010, 1, 2:3)
  d$hypertension <- yes_no(d$BPQ020)
  five <- sapply(paste0("MCQ160", LETTERS[2:6]), function(v) yes_no(d[[v]]))
  d$cvd <- ifelse(rowSums(five == 1, na.rm = TRUE) > 0, 1, ifelse(rowSums(is.na(five)) == 0, 0, NA))
  kinds <- as.matrix(d[, paste0("MCQ230", LETTERS[1:4])])
  named <- rowSums(!is.na(kinds))
  skin <- rowSums(kinds == 32 | kinds == 33, na.rm = TRUE)  # non-melanoma, and skin of unknown kind
  d$cancer <- ifelse(d$MCQ220 %in% 2, 0, ifelse(d$MCQ220 %in% 1, ifelse(named > 0 & skin == named, 0, 1), NA))
  d$health <- not(d$HUQ010, 7, 9)
  d$healthy <- as.numeric(d$cvd %in% 0 & d$cancer %in% 0 & d$health %in% 1:3)
  d
}

with_intake <- function(d) {  # day 1 is needed, day 2 optional; the two-day means need both
  r1 <- d$status1 %in% 1
  r2 <- d$status2 %in% 1
  mean_of <- function(a, b) ifelse(r1, rowMeans(cbind(a, ifelse(r2, b, NA)), na.rm = TRUE), NA)
  d$mg_day1 <- ifelse(r1, d$mg1, NA)
  d$kcal_day1 <- ifelse(r1, d$kcal1, NA)
  d$mg <- mean_of(d$mg1, d$mg2)
  d$kcal <- mean_of(d$kcal1, d$kcal2)
  d$mg_two <- ifelse(r1 & r2, (d$mg1 + d$mg2) / 2, NA)
  d$kcal_two <- ifelse(r1 & r2, (d$kcal1 + d$kcal2) / 2, NA)
  d$mg_total <- d$mg + d$mg_supplement
  d$ear <- ifelse(d$female == 1, ifelse(d$age >= 31, 265, 255), ifelse(d$age >= 31, 350, 330))
  d
}

with_outcomes <- function(d) {  # a follow-up of 0 months is half a month
  d$died <- d$MORTSTAT
  d$time <- ifelse(d$PERMTH_EXM %in% 0, 0.5, d$PERMTH_EXM)
  d$heart <- as.numeric(d$died %in% 1 & d$UCOD %in% 1)
  d$cancer_death <- as.numeric(d$died %in% 1 & d$UCOD %in% 2)
  d$decade <- 10 * floor((d$year + 1 - d$age) / 10)
  d$entry_month <- ifelse(is.na(d$RIDAGEEX), 12 * d$age + 6, d$RIDAGEEX)
  d$zero <- 0
  d
}

everyone <- function() {
  d <- do.call(rbind, lapply(YEARS, one_cycle))
  stopifnot(!anyDuplicated(d$SEQN))
  d$cycle <- factor(d$year)
  d$sex <- factor(d$RIAGENDR, 1:2, c("male", "female"))
  d$female <- as.numeric(d$RIAGENDR == 2)
  d$age <- pmin(d$RIDAGEYR, 80)
  d$age80 <- as.numeric(d$age == 80)
  d$age65 <- as.numeric(d$age >= 65)
  d$race <- factor(d$RIDRETH1, c(3, 1, 2, 4, 5), c("white", "mexican", "hispanic", "black", "other"))
  d$season <- factor(d$RIDEXMON, 1:2, c("Nov-Apr", "May-Oct"))
  d$education <- factor(not(d$DMDEDUC2, 7, 9), 5:1, c("college", "some", "high", "9-11", "<9"))
  d$pir <- d$INDFMPIR
  d$pir5 <- as.numeric(d$INDFMPIR == 5)
  d$examined <- d$RIDSTATR == 2
  d$bmi <- d$BMXBMI
  d$vitd25 <- pmin(d$vitd, 75) / 25
  d$vitd10 <- d$vitd / 10
  d$vitd50 <- d$vitd / 50
  d$low_d <- as.numeric(d$vitd < 50)
  d$vs <- relevel(cut(d$vitd, c(-Inf, 30, 50, Inf), c("deficient", "insufficient", "sufficient"), right = FALSE),
                  "sufficient")
  with_outcomes(with_intake(with_health(with_alcohol(with_smoking(d)))))
}
