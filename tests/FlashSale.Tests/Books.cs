using FlashSale.Auditing;
using FlashSale.Selling;
using FlashSale.Shop;

namespace FlashSale.Tests;

/// <summary>The books of a small sale without a fault: two sellers, twelve orders, two failovers.</summary>
internal static class Books
{
    public static AuditInput Clean()
    {
        var orders = new List<Order>();
        var journal = new List<JournalLine>();
        for (var section = 0; section < 6; section++)
        {
            var seller = 1 + (section % 2);
            var token = 100 + (10 * section);
            for (var i = 0; i < 2; i++)
            {
                var number = (seller * 1000) + (section * 2) + i;
                orders.Add(new Order(number, seller, token, Czxid: token + 5));
                journal.Add(new JournalLine.Sale(section * 10, seller, number, token));
            }
        }

        journal.Add(new JournalLine.Failover(15, Node: 1));
        journal.Add(new JournalLine.Failover(35, Node: 2));
        return new AuditInput
        {
            Units = 12,
            Sellers = 2,
            FailoversMin = 2,
            StockLeft = 0,
            Book = new BookHead(Orders: 12, Sections: 6, LastToken: 150),
            Orders = orders,
            Journal = journal,
        };
    }

    public static AuditInput WithOrder(this AuditInput input, int index, Func<Order, Order> change) =>
        input with { Orders = [.. input.Orders.Select((o, i) => i == index ? change(o) : o)] };

    public static AuditInput WithLine(this AuditInput input, JournalLine line) =>
        input with { Journal = [.. input.Journal, line] };

    public static AuditInput WithoutLines(this AuditInput input, Func<JournalLine, bool> which) =>
        input with { Journal = [.. input.Journal.Where(l => !which(l))] };
}
