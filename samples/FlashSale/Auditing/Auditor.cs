using FlashSale.Selling;

namespace FlashSale.Auditing;

/// <summary>
/// Compares tree and journals. Pure: the same input gives the same verdict, so that a test can plant each fault.
/// </summary>
internal static class Auditor
{
    public static IReadOnlyList<AuditCheck> Check(AuditInput input) =>
    [
        ExactlyTheUnits(input),
        NoNumberTwice(input),
        TreeAndJournalsAgree(input),
        SectionsAreExclusive(input),
        LeadersWereKilled(input),
        EverySellerSoldInEveryInterval(input),
    ];

    private static AuditCheck ExactlyTheUnits(AuditInput input)
    {
        var acknowledged = Sales(input).Count();
        var faults = new List<string>();
        if (input.Orders.Count != input.Units)
            faults.Add($"the tree holds {input.Orders.Count:N0} orders for {input.Units:N0} units");
        if (acknowledged != input.Units)
            faults.Add($"the journals hold {acknowledged:N0} acknowledged sales for {input.Units:N0} units");
        if (input.StockLeft != 0)
            faults.Add($"{input.StockLeft:N0} units are left in stock");
        if (input.Book.Orders != input.Orders.Count)
            faults.Add($"the book counts {input.Book.Orders:N0} orders and holds {input.Orders.Count:N0}");
        var evidence = $"{input.Orders.Count:N0} orders in the tree, {acknowledged:N0} acknowledged, "
            + $"{input.StockLeft:N0} left";
        return new AuditCheck($"sold exactly {input.Units:N0} units", evidence, faults);
    }

    private static AuditCheck NoNumberTwice(AuditInput input)
    {
        var faults = Sales(input).GroupBy(s => s.Order).Where(g => g.Count() > 1)
            .Select(g => $"order {g.Key} was sold {g.Count()} times, by seller {Names(g.Select(s => s.Seller))}");
        return new AuditCheck(
            "no order number twice", $"{Sales(input).Select(s => s.Order).Distinct().Count():N0} numbers", [.. faults]);
    }

    private static AuditCheck TreeAndJournalsAgree(AuditInput input)
    {
        var tree = input.Orders.ToDictionary(o => o.Number, o => (o.Seller, o.Token));
        var told = Sales(input).DistinctBy(s => s.Order).ToDictionary(s => s.Order, s => (s.Seller, s.Token));
        var lost = told.Where(s => !tree.ContainsKey(s.Key))
            .Select(s => $"order {s.Key} was acknowledged to seller {s.Value.Seller} and is not in the tree");
        var unknown = tree.Where(o => !told.ContainsKey(o.Key))
            .Select(o => $"order {o.Key} of seller {o.Value.Seller} is in the tree and in no journal");
        var changed = told.Where(s => tree.TryGetValue(s.Key, out var order) && order != s.Value)
            .Select(s => $"order {s.Key}: journal says seller and token {s.Value}, tree says {tree[s.Key]}");
        return new AuditCheck(
            "tree and journals agree",
            $"{tree.Keys.Count(told.ContainsKey):N0} orders compared, of {input.Sellers} sellers",
            [.. lost, .. unknown, .. changed]);
    }

    // Orders in the order in which the cluster wrote them: each token's orders stand together, under one seller, and
    // tokens only grow. A holder that wrote after its lock had passed on would break the row.
    private static AuditCheck SectionsAreExclusive(AuditInput input)
    {
        var faults = new List<string>();
        var owner = new Dictionary<long, int>();
        long last = 0;
        foreach (var order in input.Orders.OrderBy(o => o.Czxid))
        {
            if (order.Token < last)
                faults.Add($"order {order.Number} was written under token {order.Token} after token {last}");
            if (owner.TryGetValue(order.Token, out var seller) && seller != order.Seller)
                faults.Add($"token {order.Token} was held by sellers {seller} and {order.Seller}");
            owner[order.Token] = order.Seller;
            last = Math.Max(last, order.Token);
        }

        if (input.Book.LastToken != last)
            faults.Add($"the book's last token is {input.Book.LastToken}, the orders' is {last}");
        if (input.Book.Sections != owner.Count)
            faults.Add($"the book counts {input.Book.Sections} lock sections, the orders show {owner.Count}");
        return new AuditCheck(
            "every lock section was exclusive", $"{owner.Count:N0} sections, fencing tokens only grew", faults);
    }

    private static AuditCheck LeadersWereKilled(AuditInput input)
    {
        var failovers = Failovers(input);
        string[] faults = failovers.Length >= input.FailoversMin
            ? []
            : [$"{failovers.Length} failovers, wanted at least {input.FailoversMin}"];
        return new AuditCheck(
            $"at least {input.FailoversMin} failovers", $"{failovers.Length} leaders killed and restarted", faults);
    }

    private static AuditCheck EverySellerSoldInEveryInterval(AuditInput input)
    {
        var faults = new List<string>();
        var failovers = Failovers(input);
        long from = 0;
        var least = int.MaxValue;
        for (var i = 0; i < failovers.Length; i++)
        {
            var to = failovers[i].AtMs;
            var sold = Sales(input).Where(s => s.AtMs >= from && s.AtMs < to).CountBy(s => s.Seller)
                .ToDictionary(c => c.Key, c => c.Value);
            foreach (var seller in Enumerable.Range(1, input.Sellers).Where(s => !sold.ContainsKey(s)))
                faults.Add($"seller {seller} sold nothing before failover {i + 1}");
            least = Math.Min(least, sold.Values.DefaultIfEmpty(0).Min());
            from = to;
        }

        return new AuditCheck(
            "every seller sold in every interval between failovers",
            failovers.Length == 0 ? "no interval" : $"{failovers.Length} intervals, at least {least} sales each",
            faults);
    }

    private static IEnumerable<JournalLine.Sale> Sales(AuditInput input) => input.Journal.OfType<JournalLine.Sale>();

    private static JournalLine.Failover[] Failovers(AuditInput input) =>
        [.. input.Journal.OfType<JournalLine.Failover>().OrderBy(f => f.AtMs)];

    private static string Names(IEnumerable<int> sellers) => string.Join(" and ", sellers.Distinct().Order());
}
