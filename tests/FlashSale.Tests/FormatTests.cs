using FlashSale.Running;
using FlashSale.Selling;
using FlashSale.Shop;

namespace FlashSale.Tests;

/// <summary>What processes and the tree hand to each other reads back as it was written.</summary>
public class FormatTests
{
    [Fact]
    public void Journal_lines_read_back()
    {
        JournalLine[] lines =
        [
            new JournalLine.Sale(1, 2, 3, 4), new JournalLine.Doubt(5, 6, 7), new JournalLine.Failover(8, 9),
        ];
        Assert.Equal(lines, lines.Select(l => JournalLine.Parse(l.Format())));
    }

    [Fact]
    public void A_journal_appends_to_what_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("flash-sale-tests-");
        try
        {
            var path = Path.Combine(folder.FullName, "seller-1.journal");
            using (var first = new Journal(path))
                first.Append(new JournalLine.Sale(1, 2, 3, 4));
            using (var second = new Journal(path))
                second.Append(new JournalLine.Doubt(5, 6, 7));
            Assert.Equal(2, Journal.ReadFolder(folder.FullName).Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Reports_signs_heads_and_orders_read_back()
    {
        SellerReport[] reports = [new SellerReport.Sold(1, 2), new SellerReport.Dry(3), new SellerReport.Doubt(4)];
        Assert.Equal(reports, reports.Select(r => SellerReport.Parse(r.Format())));
        var sign = new DoorSign(IsOpen: true, ReserveUnits: 2500, Call: 7);
        Assert.Equal(sign, DoorSign.Decode(sign.Encode()));
        var head = new BookHead(1, 2, 3);
        Assert.Equal(head, BookHead.Decode(head.Encode()));
        Assert.Equal(new Order(9, 2, 77, 80), Order.Decode(9, Order.Encode(2, 77), 80));
    }

    [Theory]
    [InlineData("Mode: leader", nameof(NodeRole.Leader))]
    [InlineData("Mode: follower", nameof(NodeRole.Follower))]
    [InlineData("This ZooKeeper instance is not currently serving requests", nameof(NodeRole.Joining))]
    public void A_node_is_what_its_srvr_answer_says(string line, string role) =>
        Assert.Equal(role, Node.RoleIn($"Zookeeper version: 3.9\n{line}\nNode count: 5\n").ToString());
}
