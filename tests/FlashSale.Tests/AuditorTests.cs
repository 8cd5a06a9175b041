using FlashSale.Auditing;
using FlashSale.Selling;

namespace FlashSale.Tests;

/// <summary>An audit that cannot fail proves nothing: each planted fault is found by its check.</summary>
public class AuditorTests
{
    [Fact]
    public void A_clean_sale_passes_every_check()
    {
        var checks = Auditor.Check(Books.Clean());
        Assert.Equal(6, checks.Count);
        Assert.All(checks, check => Assert.True(check.Holds, string.Join("; ", check.Faults)));
    }

    [Fact]
    public void A_double_sale_is_found() =>
        AssertFails(
            Books.Clean().WithLine(new JournalLine.Sale(50, Seller: 2, Order: 1000, Token: 150)),
            "no order number twice",
            "order 1000 was sold 2 times, by seller 1 and 2");

    [Fact]
    public void An_acknowledged_order_that_is_not_in_the_tree_is_found()
    {
        var clean = Books.Clean();
        AssertFails(
            clean with { Orders = [.. clean.Orders.Skip(1)] },
            "tree and journals agree",
            "order 1000 was acknowledged to seller 1 and is not in the tree");
    }

    [Fact]
    public void An_order_that_no_seller_knows_of_is_found() =>
        AssertFails(
            Books.Clean().WithoutLines(l => l is JournalLine.Sale { Order: 1000 }),
            "tree and journals agree",
            "order 1000 of seller 1 is in the tree and in no journal");

    [Fact]
    public void An_order_under_another_name_is_found() =>
        AssertFails(
            Books.Clean().WithOrder(0, o => o with { Seller = 2 }), "tree and journals agree", "order 1000: journal");

    [Fact]
    public void A_unit_sold_too_many_is_found()
    {
        var clean = Books.Clean();
        AssertFails(clean with { Units = 11 }, "sold exactly 11 units", "the tree holds 12 orders for 11 units");
    }

    [Fact]
    public void A_unit_left_in_stock_is_found() =>
        AssertFails(Books.Clean() with { StockLeft = 1 }, "sold exactly 12 units", "1 units are left in stock");

    [Fact]
    public void A_holder_that_wrote_after_its_successor_is_found() =>
        AssertFails(
            Books.Clean().WithOrder(0, o => o with { Czxid = 999 }),
            "every lock section was exclusive",
            "order 1000 was written under token 100 after token 150");

    [Fact]
    public void A_token_with_two_holders_is_found() =>
        AssertFails(
            Books.Clean().WithOrder(2, o => o with { Token = 100 }),
            "every lock section was exclusive",
            "token 100 was held by sellers 1 and 2");

    [Fact]
    public void A_section_that_the_book_did_not_count_is_found()
    {
        var clean = Books.Clean();
        AssertFails(
            clean with { Book = clean.Book with { Sections = 5 } },
            "every lock section was exclusive",
            "the book counts 5 lock sections, the orders show 6");
    }

    [Fact]
    public void Too_few_failovers_are_found() =>
        AssertFails(
            Books.Clean().WithoutLines(l => l is JournalLine.Failover { Node: 2 }),
            "at least 2 failovers",
            "1 failovers, wanted at least 2");

    [Fact]
    public void A_seller_that_sold_nothing_between_two_failovers_is_found() =>
        AssertFails(
            Books.Clean().WithoutLines(l => l is JournalLine.Sale { Seller: 2, AtMs: > 15 and < 35 }),
            "every seller sold in every interval between failovers",
            "seller 2 sold nothing before failover 2");

    private static void AssertFails(AuditInput input, string claim, string fault)
    {
        var check = Auditor.Check(input).Single(c => c.Claim == claim);
        Assert.Contains(check.Faults, f => f.StartsWith(fault, StringComparison.Ordinal));
    }
}
