Attribute VB_Name = "SalesXLFunctions"
'Made from the catalogue of salesxl: python scripts/generate.py
#Const App = "Microsoft Excel"
Function SPLIT_TARGET(total, weights, Optional unit, Optional locked, Optional minimum, Optional maximum, Optional method)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPLIT_TARGET = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET", Array(total, weights, unit, locked, minimum, maximum, method), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPLIT_TARGET = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET", Array(total, weights, unit, locked, minimum, maximum, method))
        Exit Function
    #End If
failed:
    SPLIT_TARGET = Err.Description
End Function

Function EXPLAIN_SPLIT(total, weights, Optional unit, Optional locked, Optional minimum, Optional maximum, Optional method)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        EXPLAIN_SPLIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_SPLIT", Array(total, weights, unit, locked, minimum, maximum, method), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        EXPLAIN_SPLIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_SPLIT", Array(total, weights, unit, locked, minimum, maximum, method))
        Exit Function
    #End If
failed:
    EXPLAIN_SPLIT = Err.Description
End Function

Function SPLIT_TARGET_GRID(Optional total, Optional row_weights, Optional column_weights, Optional unit, Optional row_totals, Optional column_totals, Optional ideal, Optional locked)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPLIT_TARGET_GRID = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET_GRID", Array(total, row_weights, column_weights, unit, row_totals, column_totals, ideal, locked), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPLIT_TARGET_GRID = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET_GRID", Array(total, row_weights, column_weights, unit, row_totals, column_totals, ideal, locked))
        Exit Function
    #End If
failed:
    SPLIT_TARGET_GRID = Err.Description
End Function

Function SPLIT_TARGET_CUBE(Optional total, Optional row_weights, Optional column_weights, Optional layer_weights, Optional unit, Optional group, Optional ideal, Optional rows, Optional nearest_seconds)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPLIT_TARGET_CUBE = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET_CUBE", Array(total, row_weights, column_weights, layer_weights, unit, group, ideal, rows, nearest_seconds), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPLIT_TARGET_CUBE = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_TARGET_CUBE", Array(total, row_weights, column_weights, layer_weights, unit, group, ideal, rows, nearest_seconds))
        Exit Function
    #End If
failed:
    SPLIT_TARGET_CUBE = Err.Description
End Function

Function EXPLAIN_CUBE(Optional total, Optional row_weights, Optional column_weights, Optional layer_weights, Optional unit, Optional group, Optional ideal, Optional rows, Optional nearest_seconds)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        EXPLAIN_CUBE = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_CUBE", Array(total, row_weights, column_weights, layer_weights, unit, group, ideal, rows, nearest_seconds), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        EXPLAIN_CUBE = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_CUBE", Array(total, row_weights, column_weights, layer_weights, unit, group, ideal, rows, nearest_seconds))
        Exit Function
    #End If
failed:
    EXPLAIN_CUBE = Err.Description
End Function

Function FIT_MARGINS(seed, row_totals, column_totals, Optional unit, Optional locked)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        FIT_MARGINS = XLPy.CallUDF("salesxl.hosts.excel.functions", "FIT_MARGINS", Array(seed, row_totals, column_totals, unit, locked), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        FIT_MARGINS = XLPy.CallUDF("salesxl.hosts.excel.functions", "FIT_MARGINS", Array(seed, row_totals, column_totals, unit, locked))
        Exit Function
    #End If
failed:
    FIT_MARGINS = Err.Description
End Function

Function BLEND_WEIGHTS(history, potential, potential_share)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        BLEND_WEIGHTS = XLPy.CallUDF("salesxl.hosts.excel.functions", "BLEND_WEIGHTS", Array(history, potential, potential_share), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        BLEND_WEIGHTS = XLPy.CallUDF("salesxl.hosts.excel.functions", "BLEND_WEIGHTS", Array(history, potential, potential_share))
        Exit Function
    #End If
failed:
    BLEND_WEIGHTS = Err.Description
End Function

Function BLEND_DRIVERS(drivers, driver_weights, Optional gates)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        BLEND_DRIVERS = XLPy.CallUDF("salesxl.hosts.excel.functions", "BLEND_DRIVERS", Array(drivers, driver_weights, gates), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        BLEND_DRIVERS = XLPy.CallUDF("salesxl.hosts.excel.functions", "BLEND_DRIVERS", Array(drivers, driver_weights, gates))
        Exit Function
    #End If
failed:
    BLEND_DRIVERS = Err.Description
End Function

Function BALANCE_SHARES(history, Optional growth, Optional minimum_share, Optional maximum_share)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        BALANCE_SHARES = XLPy.CallUDF("salesxl.hosts.excel.functions", "BALANCE_SHARES", Array(history, growth, minimum_share, maximum_share), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        BALANCE_SHARES = XLPy.CallUDF("salesxl.hosts.excel.functions", "BALANCE_SHARES", Array(history, growth, minimum_share, maximum_share))
        Exit Function
    #End If
failed:
    BALANCE_SHARES = Err.Description
End Function

Function SEASONAL_INDEX(history, period)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SEASONAL_INDEX = XLPy.CallUDF("salesxl.hosts.excel.functions", "SEASONAL_INDEX", Array(history, period), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SEASONAL_INDEX = XLPy.CallUDF("salesxl.hosts.excel.functions", "SEASONAL_INDEX", Array(history, period))
        Exit Function
    #End If
failed:
    SEASONAL_INDEX = Err.Description
End Function

Function SEASONAL_SHARES(history)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SEASONAL_SHARES = XLPy.CallUDF("salesxl.hosts.excel.functions", "SEASONAL_SHARES", Array(history), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SEASONAL_SHARES = XLPy.CallUDF("salesxl.hosts.excel.functions", "SEASONAL_SHARES", Array(history))
        Exit Function
    #End If
failed:
    SEASONAL_SHARES = Err.Description
End Function

Function RESPLIT_TARGET(total, weights, actuals, Optional unit, Optional variant_, Optional months, Optional locked, Optional method)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RESPLIT_TARGET = XLPy.CallUDF("salesxl.hosts.excel.functions", "RESPLIT_TARGET", Array(total, weights, actuals, unit, variant_, months, locked, method), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RESPLIT_TARGET = XLPy.CallUDF("salesxl.hosts.excel.functions", "RESPLIT_TARGET", Array(total, weights, actuals, unit, variant_, months, locked, method))
        Exit Function
    #End If
failed:
    RESPLIT_TARGET = Err.Description
End Function

Function EXPLAIN_RESPLIT(total, weights, actuals, Optional unit, Optional variant_, Optional months, Optional locked, Optional method)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        EXPLAIN_RESPLIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_RESPLIT", Array(total, weights, actuals, unit, variant_, months, locked, method), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        EXPLAIN_RESPLIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "EXPLAIN_RESPLIT", Array(total, weights, actuals, unit, variant_, months, locked, method))
        Exit Function
    #End If
failed:
    EXPLAIN_RESPLIT = Err.Description
End Function

Function RECONCILE_TARGETS(top_down, bottom_up, Optional bottom_up_share, Optional unit)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RECONCILE_TARGETS = XLPy.CallUDF("salesxl.hosts.excel.functions", "RECONCILE_TARGETS", Array(top_down, bottom_up, bottom_up_share, unit), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RECONCILE_TARGETS = XLPy.CallUDF("salesxl.hosts.excel.functions", "RECONCILE_TARGETS", Array(top_down, bottom_up, bottom_up_share, unit))
        Exit Function
    #End If
failed:
    RECONCILE_TARGETS = Err.Description
End Function

Function TARGET_FEASIBILITY(target, history, Optional band, Optional people, Optional productivity, Optional market, Optional market_history)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        TARGET_FEASIBILITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "TARGET_FEASIBILITY", Array(target, history, band, people, productivity, market, market_history), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        TARGET_FEASIBILITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "TARGET_FEASIBILITY", Array(target, history, band, people, productivity, market, market_history))
        Exit Function
    #End If
failed:
    TARGET_FEASIBILITY = Err.Description
End Function

Function CAPACITY(people, productivity, Optional attainment)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CAPACITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "CAPACITY", Array(people, productivity, attainment), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CAPACITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "CAPACITY", Array(people, productivity, attainment))
        Exit Function
    #End If
failed:
    CAPACITY = Err.Description
End Function

Function OVER_ASSIGN(target, rates, Optional unit)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        OVER_ASSIGN = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVER_ASSIGN", Array(target, rates, unit), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        OVER_ASSIGN = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVER_ASSIGN", Array(target, rates, unit))
        Exit Function
    #End If
failed:
    OVER_ASSIGN = Err.Description
End Function

Function PRORATE_QUOTA(quota, period_start, period_end, Optional active_from, Optional active_to, Optional ramp, Optional unit, Optional basis, Optional service_from)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PRORATE_QUOTA = XLPy.CallUDF("salesxl.hosts.excel.functions", "PRORATE_QUOTA", Array(quota, period_start, period_end, active_from, active_to, ramp, unit, basis, service_from), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PRORATE_QUOTA = XLPy.CallUDF("salesxl.hosts.excel.functions", "PRORATE_QUOTA", Array(quota, period_start, period_end, active_from, active_to, ramp, unit, basis, service_from))
        Exit Function
    #End If
failed:
    PRORATE_QUOTA = Err.Description
End Function

Function QUOTA_BY_STINT(quota, period_start, period_end, starts, ends, Optional ramp, Optional unit, Optional basis, Optional service_from)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QUOTA_BY_STINT = XLPy.CallUDF("salesxl.hosts.excel.functions", "QUOTA_BY_STINT", Array(quota, period_start, period_end, starts, ends, ramp, unit, basis, service_from), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        QUOTA_BY_STINT = XLPy.CallUDF("salesxl.hosts.excel.functions", "QUOTA_BY_STINT", Array(quota, period_start, period_end, starts, ends, ramp, unit, basis, service_from))
        Exit Function
    #End If
failed:
    QUOTA_BY_STINT = Err.Description
End Function

Function TARGET_GAP(target, actual)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        TARGET_GAP = XLPy.CallUDF("salesxl.hosts.excel.functions", "TARGET_GAP", Array(target, actual), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        TARGET_GAP = XLPy.CallUDF("salesxl.hosts.excel.functions", "TARGET_GAP", Array(target, actual))
        Exit Function
    #End If
failed:
    TARGET_GAP = Err.Description
End Function

Function REQUIRED_RUN_RATE(target, actual, periods_left)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        REQUIRED_RUN_RATE = XLPy.CallUDF("salesxl.hosts.excel.functions", "REQUIRED_RUN_RATE", Array(target, actual, periods_left), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        REQUIRED_RUN_RATE = XLPy.CallUDF("salesxl.hosts.excel.functions", "REQUIRED_RUN_RATE", Array(target, actual, periods_left))
        Exit Function
    #End If
failed:
    REQUIRED_RUN_RATE = Err.Description
End Function

Function ATTAINMENT(credited, quota)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        ATTAINMENT = XLPy.CallUDF("salesxl.hosts.excel.functions", "ATTAINMENT", Array(credited, quota), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        ATTAINMENT = XLPy.CallUDF("salesxl.hosts.excel.functions", "ATTAINMENT", Array(credited, quota))
        Exit Function
    #End If
failed:
    ATTAINMENT = Err.Description
End Function

Function COMMISSION_FLAT(amount, rate, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_FLAT = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_FLAT", Array(amount, rate, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_FLAT = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_FLAT", Array(amount, rate, decimals, cap, floor))
        Exit Function
    #End If
failed:
    COMMISSION_FLAT = Err.Description
End Function

Function COMMISSION_MARGINAL(amount, thresholds, rates, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_MARGINAL = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_MARGINAL", Array(amount, thresholds, rates, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_MARGINAL = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_MARGINAL", Array(amount, thresholds, rates, decimals, cap, floor))
        Exit Function
    #End If
failed:
    COMMISSION_MARGINAL = Err.Description
End Function

Function COMMISSION_WHOLE(amount, thresholds, rates, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_WHOLE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_WHOLE", Array(amount, thresholds, rates, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_WHOLE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_WHOLE", Array(amount, thresholds, rates, decimals, cap, floor))
        Exit Function
    #End If
failed:
    COMMISSION_WHOLE = Err.Description
End Function

Function COMMISSION_INTERPOLATED(attainment, points, payouts, Optional beyond, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_INTERPOLATED = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_INTERPOLATED", Array(attainment, points, payouts, beyond, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_INTERPOLATED = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_INTERPOLATED", Array(attainment, points, payouts, beyond, decimals))
        Exit Function
    #End If
failed:
    COMMISSION_INTERPOLATED = Err.Description
End Function

Function COMMISSION_MATRIX(amount, row_value, column_value, row_thresholds, column_thresholds, rates, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_MATRIX = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_MATRIX", Array(amount, row_value, column_value, row_thresholds, column_thresholds, rates, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_MATRIX = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_MATRIX", Array(amount, row_value, column_value, row_thresholds, column_thresholds, rates, decimals, cap, floor))
        Exit Function
    #End If
failed:
    COMMISSION_MATRIX = Err.Description
End Function

Function COMMISSION_YTD(amounts, thresholds, rates, Optional kind, Optional decimals, Optional cap, Optional floor, Optional quotas)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_YTD = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_YTD", Array(amounts, thresholds, rates, kind, decimals, cap, floor, quotas), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_YTD = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_YTD", Array(amounts, thresholds, rates, kind, decimals, cap, floor, quotas))
        Exit Function
    #End If
failed:
    COMMISSION_YTD = Err.Description
End Function

Function COMMISSION_EXPLAIN(amount, thresholds, rates, Optional kind, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COMMISSION_EXPLAIN = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_EXPLAIN", Array(amount, thresholds, rates, kind, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COMMISSION_EXPLAIN = XLPy.CallUDF("salesxl.hosts.excel.functions", "COMMISSION_EXPLAIN", Array(amount, thresholds, rates, kind, decimals, cap, floor))
        Exit Function
    #End If
failed:
    COMMISSION_EXPLAIN = Err.Description
End Function

Function OVERRIDE(credits, rate, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        OVERRIDE = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERRIDE", Array(credits, rate, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        OVERRIDE = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERRIDE", Array(credits, rate, decimals, cap, floor))
        Exit Function
    #End If
failed:
    OVERRIDE = Err.Description
End Function

Function SPLIT_CREDIT(amount, shares, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPLIT_CREDIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_CREDIT", Array(amount, shares, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPLIT_CREDIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPLIT_CREDIT", Array(amount, shares, decimals))
        Exit Function
    #End If
failed:
    SPLIT_CREDIT = Err.Description
End Function

Function OVERLAY_CREDIT(amount, shares, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        OVERLAY_CREDIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERLAY_CREDIT", Array(amount, shares, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        OVERLAY_CREDIT = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERLAY_CREDIT", Array(amount, shares, decimals))
        Exit Function
    #End If
failed:
    OVERLAY_CREDIT = Err.Description
End Function

Function DRAW_SETTLEMENT(earned, draw, opening_balance, Optional recoverable, Optional decimals, Optional recovery_from)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        DRAW_SETTLEMENT = XLPy.CallUDF("salesxl.hosts.excel.functions", "DRAW_SETTLEMENT", Array(earned, draw, opening_balance, recoverable, decimals, recovery_from), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        DRAW_SETTLEMENT = XLPy.CallUDF("salesxl.hosts.excel.functions", "DRAW_SETTLEMENT", Array(earned, draw, opening_balance, recoverable, decimals, recovery_from))
        Exit Function
    #End If
failed:
    DRAW_SETTLEMENT = Err.Description
End Function

Function HOLDBACK(pay, held_share, collected_share, Optional release, Optional release_at, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        HOLDBACK = XLPy.CallUDF("salesxl.hosts.excel.functions", "HOLDBACK", Array(pay, held_share, collected_share, release, release_at, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        HOLDBACK = XLPy.CallUDF("salesxl.hosts.excel.functions", "HOLDBACK", Array(pay, held_share, collected_share, release, release_at, decimals))
        Exit Function
    #End If
failed:
    HOLDBACK = Err.Description
End Function

Function CLAWBACK(paid, age, age_limit, Optional method, Optional returned_share, Optional taken_back, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CLAWBACK = XLPy.CallUDF("salesxl.hosts.excel.functions", "CLAWBACK", Array(paid, age, age_limit, method, returned_share, taken_back, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CLAWBACK = XLPy.CallUDF("salesxl.hosts.excel.functions", "CLAWBACK", Array(paid, age, age_limit, method, returned_share, taken_back, decimals))
        Exit Function
    #End If
failed:
    CLAWBACK = Err.Description
End Function

Function OVER_TARGET_BONUS(credited, target, rate, Optional on_, Optional decimals, Optional cap, Optional floor)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        OVER_TARGET_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVER_TARGET_BONUS", Array(credited, target, rate, on_, decimals, cap, floor), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        OVER_TARGET_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVER_TARGET_BONUS", Array(credited, target, rate, on_, decimals, cap, floor))
        Exit Function
    #End If
failed:
    OVER_TARGET_BONUS = Err.Description
End Function

Function CHAMPION_BONUS(scores, prizes, Optional ties, Optional at_least, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CHAMPION_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "CHAMPION_BONUS", Array(scores, prizes, ties, at_least, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CHAMPION_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "CHAMPION_BONUS", Array(scores, prizes, ties, at_least, decimals))
        Exit Function
    #End If
failed:
    CHAMPION_BONUS = Err.Description
End Function

Function NEW_CUSTOMER_BONUS(customers, dates, bonus, Optional months, Optional first_day, Optional last_day, Optional history_from, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        NEW_CUSTOMER_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "NEW_CUSTOMER_BONUS", Array(customers, dates, bonus, months, first_day, last_day, history_from, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        NEW_CUSTOMER_BONUS = XLPy.CallUDF("salesxl.hosts.excel.functions", "NEW_CUSTOMER_BONUS", Array(customers, dates, bonus, months, first_day, last_day, history_from, decimals))
        Exit Function
    #End If
failed:
    NEW_CUSTOMER_BONUS = Err.Description
End Function

Function SPIFF(dates, products, quantities, first_day, last_day, spiff_products, bonus, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPIFF = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPIFF", Array(dates, products, quantities, first_day, last_day, spiff_products, bonus, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPIFF = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPIFF", Array(dates, products, quantities, first_day, last_day, spiff_products, bonus, decimals))
        Exit Function
    #End If
failed:
    SPIFF = Err.Description
End Function

Function TEAM_POOL(pool, weights, Optional shares, Optional decimals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        TEAM_POOL = XLPy.CallUDF("salesxl.hosts.excel.functions", "TEAM_POOL", Array(pool, weights, shares, decimals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        TEAM_POOL = XLPy.CallUDF("salesxl.hosts.excel.functions", "TEAM_POOL", Array(pool, weights, shares, decimals))
        Exit Function
    #End If
failed:
    TEAM_POOL = Err.Description
End Function

Function STAR_SCORE(values, weights, Optional goals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        STAR_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "STAR_SCORE", Array(values, weights, goals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        STAR_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "STAR_SCORE", Array(values, weights, goals))
        Exit Function
    #End If
failed:
    STAR_SCORE = Err.Description
End Function

Function TEAM_RANKING(values, weights, Optional ties, Optional goals)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        TEAM_RANKING = XLPy.CallUDF("salesxl.hosts.excel.functions", "TEAM_RANKING", Array(values, weights, ties, goals), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        TEAM_RANKING = XLPy.CallUDF("salesxl.hosts.excel.functions", "TEAM_RANKING", Array(values, weights, ties, goals))
        Exit Function
    #End If
failed:
    TEAM_RANKING = Err.Description
End Function

Function RANK_WITH_TIES(scores, Optional ties)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RANK_WITH_TIES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RANK_WITH_TIES", Array(scores, ties), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RANK_WITH_TIES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RANK_WITH_TIES", Array(scores, ties))
        Exit Function
    #End If
failed:
    RANK_WITH_TIES = Err.Description
End Function

Function ABC_CLASS(amounts, Optional cuts, Optional crossing)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        ABC_CLASS = XLPy.CallUDF("salesxl.hosts.excel.functions", "ABC_CLASS", Array(amounts, cuts, crossing), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        ABC_CLASS = XLPy.CallUDF("salesxl.hosts.excel.functions", "ABC_CLASS", Array(amounts, cuts, crossing))
        Exit Function
    #End If
failed:
    ABC_CLASS = Err.Description
End Function

Function RFM_SCORES(days_since, orders, amounts, Optional levels, Optional ties)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RFM_SCORES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RFM_SCORES", Array(days_since, orders, amounts, levels, ties), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RFM_SCORES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RFM_SCORES", Array(days_since, orders, amounts, levels, ties))
        Exit Function
    #End If
failed:
    RFM_SCORES = Err.Description
End Function

Function RFM_VALUES(customers, dates, amounts, as_of, Optional first_order, Optional monetary)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RFM_VALUES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RFM_VALUES", Array(customers, dates, amounts, as_of, first_order, monetary), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RFM_VALUES = XLPy.CallUDF("salesxl.hosts.excel.functions", "RFM_VALUES", Array(customers, dates, amounts, as_of, first_order, monetary))
        Exit Function
    #End If
failed:
    RFM_VALUES = Err.Description
End Function

Function LOSS_WARNING(customers, dates, as_of, Optional measure, Optional watch, Optional alarm, Optional least_orders, Optional least_days)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        LOSS_WARNING = XLPy.CallUDF("salesxl.hosts.excel.functions", "LOSS_WARNING", Array(customers, dates, as_of, measure, watch, alarm, least_orders, least_days), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        LOSS_WARNING = XLPy.CallUDF("salesxl.hosts.excel.functions", "LOSS_WARNING", Array(customers, dates, as_of, measure, watch, alarm, least_orders, least_days))
        Exit Function
    #End If
failed:
    LOSS_WARNING = Err.Description
End Function

Function VISIT_PLAN(visits, representatives, first_day, last_day, Optional holidays, Optional workdays, Optional capacity)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        VISIT_PLAN = XLPy.CallUDF("salesxl.hosts.excel.functions", "VISIT_PLAN", Array(visits, representatives, first_day, last_day, holidays, workdays, capacity), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        VISIT_PLAN = XLPy.CallUDF("salesxl.hosts.excel.functions", "VISIT_PLAN", Array(visits, representatives, first_day, last_day, holidays, workdays, capacity))
        Exit Function
    #End If
failed:
    VISIT_PLAN = Err.Description
End Function

Function CONCENTRATION(amounts, Optional top)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CONCENTRATION = XLPy.CallUDF("salesxl.hosts.excel.functions", "CONCENTRATION", Array(amounts, top), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CONCENTRATION = XLPy.CallUDF("salesxl.hosts.excel.functions", "CONCENTRATION", Array(amounts, top))
        Exit Function
    #End If
failed:
    CONCENTRATION = Err.Description
End Function

Function COHORT_TABLE(customers, dates, amounts, months, Optional show, Optional first_day)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COHORT_TABLE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COHORT_TABLE", Array(customers, dates, amounts, months, show, first_day), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COHORT_TABLE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COHORT_TABLE", Array(customers, dates, amounts, months, show, first_day))
        Exit Function
    #End If
failed:
    COHORT_TABLE = Err.Description
End Function

Function PIPELINE_COVERAGE(amounts, win_rates, target, actual)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PIPELINE_COVERAGE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PIPELINE_COVERAGE", Array(amounts, win_rates, target, actual), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PIPELINE_COVERAGE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PIPELINE_COVERAGE", Array(amounts, win_rates, target, actual))
        Exit Function
    #End If
failed:
    PIPELINE_COVERAGE = Err.Description
End Function

Function PIPELINE_AGE(since, due, as_of, stage_days)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PIPELINE_AGE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PIPELINE_AGE", Array(since, due, as_of, stage_days), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PIPELINE_AGE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PIPELINE_AGE", Array(since, due, as_of, stage_days))
        Exit Function
    #End If
failed:
    PIPELINE_AGE = Err.Description
End Function

Function PARTNER_SCORE(scores, weights, Optional minimums, Optional best)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PARTNER_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PARTNER_SCORE", Array(scores, weights, minimums, best), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PARTNER_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "PARTNER_SCORE", Array(scores, weights, minimums, best))
        Exit Function
    #End If
failed:
    PARTNER_SCORE = Err.Description
End Function

Function PARTNER_SENSITIVITY(scores, weights, Optional minimums)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PARTNER_SENSITIVITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "PARTNER_SENSITIVITY", Array(scores, weights, minimums), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PARTNER_SENSITIVITY = XLPy.CallUDF("salesxl.hosts.excel.functions", "PARTNER_SENSITIVITY", Array(scores, weights, minimums))
        Exit Function
    #End If
failed:
    PARTNER_SENSITIVITY = Err.Description
End Function

Function DIVERSION_CHECK(partners, regions, amounts, territory, Optional tolerance)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        DIVERSION_CHECK = XLPy.CallUDF("salesxl.hosts.excel.functions", "DIVERSION_CHECK", Array(partners, regions, amounts, territory, tolerance), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        DIVERSION_CHECK = XLPy.CallUDF("salesxl.hosts.excel.functions", "DIVERSION_CHECK", Array(partners, regions, amounts, territory, tolerance))
        Exit Function
    #End If
failed:
    DIVERSION_CHECK = Err.Description
End Function

Function CHANNEL_RETURN(results, costs, Optional measure)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        CHANNEL_RETURN = XLPy.CallUDF("salesxl.hosts.excel.functions", "CHANNEL_RETURN", Array(results, costs, measure), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        CHANNEL_RETURN = XLPy.CallUDF("salesxl.hosts.excel.functions", "CHANNEL_RETURN", Array(results, costs, measure))
        Exit Function
    #End If
failed:
    CHANNEL_RETURN = Err.Description
End Function

Function COST_PER_WIN(costs, wins)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COST_PER_WIN = XLPy.CallUDF("salesxl.hosts.excel.functions", "COST_PER_WIN", Array(costs, wins), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COST_PER_WIN = XLPy.CallUDF("salesxl.hosts.excel.functions", "COST_PER_WIN", Array(costs, wins))
        Exit Function
    #End If
failed:
    COST_PER_WIN = Err.Description
End Function

Function TRAINING_EFFECT(before, after, Optional enough)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        TRAINING_EFFECT = XLPy.CallUDF("salesxl.hosts.excel.functions", "TRAINING_EFFECT", Array(before, after, enough), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        TRAINING_EFFECT = XLPy.CallUDF("salesxl.hosts.excel.functions", "TRAINING_EFFECT", Array(before, after, enough))
        Exit Function
    #End If
failed:
    TRAINING_EFFECT = Err.Description
End Function

Function LADDER_DISTANCE(attainments, minimum_attainment, periods, months, minimum_months, Optional skills, Optional required_skills)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        LADDER_DISTANCE = XLPy.CallUDF("salesxl.hosts.excel.functions", "LADDER_DISTANCE", Array(attainments, minimum_attainment, periods, months, minimum_months, skills, required_skills), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        LADDER_DISTANCE = XLPy.CallUDF("salesxl.hosts.excel.functions", "LADDER_DISTANCE", Array(attainments, minimum_attainment, periods, months, minimum_months, skills, required_skills))
        Exit Function
    #End If
failed:
    LADDER_DISTANCE = Err.Description
End Function

Function KPI_SCORE(actuals, targets, weights, Optional directions, Optional floors, Optional caps)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        KPI_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "KPI_SCORE", Array(actuals, targets, weights, directions, floors, caps), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        KPI_SCORE = XLPy.CallUDF("salesxl.hosts.excel.functions", "KPI_SCORE", Array(actuals, targets, weights, directions, floors, caps))
        Exit Function
    #End If
failed:
    KPI_SCORE = Err.Description
End Function

Function SPAN_OF_CONTROL(people, managers, lowest, highest)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        SPAN_OF_CONTROL = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPAN_OF_CONTROL", Array(people, managers, lowest, highest), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        SPAN_OF_CONTROL = XLPy.CallUDF("salesxl.hosts.excel.functions", "SPAN_OF_CONTROL", Array(people, managers, lowest, highest))
        Exit Function
    #End If
failed:
    SPAN_OF_CONTROL = Err.Description
End Function

Function RACI_CHECK(matrix)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        RACI_CHECK = XLPy.CallUDF("salesxl.hosts.excel.functions", "RACI_CHECK", Array(matrix), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        RACI_CHECK = XLPy.CallUDF("salesxl.hosts.excel.functions", "RACI_CHECK", Array(matrix))
        Exit Function
    #End If
failed:
    RACI_CHECK = Err.Description
End Function

Function PRICE_VOLUME_MIX(old_quantities, old_amounts, new_quantities, new_amounts)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        PRICE_VOLUME_MIX = XLPy.CallUDF("salesxl.hosts.excel.functions", "PRICE_VOLUME_MIX", Array(old_quantities, old_amounts, new_quantities, new_amounts), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        PRICE_VOLUME_MIX = XLPy.CallUDF("salesxl.hosts.excel.functions", "PRICE_VOLUME_MIX", Array(old_quantities, old_amounts, new_quantities, new_amounts))
        Exit Function
    #End If
failed:
    PRICE_VOLUME_MIX = Err.Description
End Function

Function FORECAST_YEAR(history, to_date)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        FORECAST_YEAR = XLPy.CallUDF("salesxl.hosts.excel.functions", "FORECAST_YEAR", Array(history, to_date), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        FORECAST_YEAR = XLPy.CallUDF("salesxl.hosts.excel.functions", "FORECAST_YEAR", Array(history, to_date))
        Exit Function
    #End If
failed:
    FORECAST_YEAR = Err.Description
End Function

Function GROWTH_RATES(values, Optional period)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        GROWTH_RATES = XLPy.CallUDF("salesxl.hosts.excel.functions", "GROWTH_RATES", Array(values, period), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        GROWTH_RATES = XLPy.CallUDF("salesxl.hosts.excel.functions", "GROWTH_RATES", Array(values, period))
        Exit Function
    #End If
failed:
    GROWTH_RATES = Err.Description
End Function

Function COLLECTION_RATE(amount, collected)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        COLLECTION_RATE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COLLECTION_RATE", Array(amount, collected), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        COLLECTION_RATE = XLPy.CallUDF("salesxl.hosts.excel.functions", "COLLECTION_RATE", Array(amount, collected))
        Exit Function
    #End If
failed:
    COLLECTION_RATE = Err.Description
End Function

Function OVERDUE_AGEING(due_dates, amounts, as_of, Optional edges)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        OVERDUE_AGEING = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERDUE_AGEING", Array(due_dates, amounts, as_of, edges), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        OVERDUE_AGEING = XLPy.CallUDF("salesxl.hosts.excel.functions", "OVERDUE_AGEING", Array(due_dates, amounts, as_of, edges))
        Exit Function
    #End If
failed:
    OVERDUE_AGEING = Err.Description
End Function

