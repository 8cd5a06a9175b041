using System.Xml.Linq;
using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Reports;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Tests;

/// <summary>The pages show what they are there for, and nothing that a node prints can spoil them.</summary>
public sealed class ReportTests
{
    private const int BytesMax = 500_000;

    [Fact]
    public void A_page_shows_each_fault_shaded_and_by_name_where_it_was()
    {
        var page = Draw(CampaignScene.Result(
            CampaignScene.Sets(100, 10), [CampaignScene.Kill(2, 4, 5), CampaignScene.Kill(6, 7, 7.5)]));
        var plot = Plots(page)[0];
        var bands = plot.Elements("rect").Where(rect => (string)rect.Attribute("class")! == "fault").ToArray();
        Assert.Equal(2, bands.Length);
        // The run ends at 9.992 s, and the plot is 1,000 wide.
        Assert.Equal(PlotFrame.Left + 200.2, (double)bands[0].Attribute("x")!, tolerance: 0.2);
        Assert.Equal(200.2, (double)bands[0].Attribute("width")!, tolerance: 0.2);
        Assert.Contains("healed 4.0 s", bands[0].Element("title")!.Value);
        Assert.Equal(2, plot.Elements("text").Count(text => text.Value == "kill-leader"));
        Assert.Equal(2, plot.Elements("rect").Count(rect => (string)rect.Attribute("class")! == "healing"));
    }

    [Fact]
    public void What_a_node_prints_is_text_and_nothing_else()
    {
        var result = CampaignScene.Result(CampaignScene.Sets(100, 1)) with
        {
            NodeLogs = [new NodeLog(1, ["<script>alert(1)</script></pre>", "a & b"])],
        };
        var page = Draw(result);
        Assert.DoesNotContain("<script", page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;/pre&gt;\na &amp; b", page);
    }

    [Fact]
    public void What_nodes_printed_that_came_later_stands_behind_the_first_ones()
    {
        var page = Draw(CampaignScene.Result(CampaignScene.Sets(100, 1)) with
        {
            NodeLogs = [new NodeLog(1, ["one"]), new NodeLog(5, ["five"])],
        });
        Assert.Contains("<summary>node 1: the last 1 lines</summary><pre>one\n</pre>", page);
        Assert.Contains("<summary>node 5, which came later: the last 1 lines</summary><pre>five\n</pre>", page);
    }

    [Fact]
    public void A_page_needs_nothing_but_itself()
    {
        var page = Draw(CampaignScene.Result(CampaignScene.Sets(100, 5), [CampaignScene.Kill(1, 2, 3)]));
        Assert.All(["http:", "https:", "src=", "@import", "url("], outside => Assert.DoesNotContain(outside, page));
        Assert.Contains("prefers-color-scheme: dark", page);
    }

    [Fact]
    public void A_finding_is_drawn_among_the_operations_around_it_with_the_seed_and_the_command()
    {
        var history = CampaignScene.Sets(100, 2).ToList();
        var page = Draw(CampaignScene.Result(history, null, new Finding("witness", "planted <here>", [history[100]])));
        Assert.Contains("witness: planted &lt;here&gt;", page);
        Assert.Equal(1, page.Split("<div class=\"row\">").Length - 1);
        Assert.Equal(14, page.Split("<div class=\"row around\">").Length - 1);
        Assert.Contains("violated", page);
        Assert.Contains("run --target coord --secs 60 --seed 42 ", page);
    }

    [Fact]
    public void A_long_history_makes_no_large_page()
    {
        var random = new Random(1);
        var history = CampaignScene.Sets(5_000, 60).Select(o => o with
        {
            Completed = random.Next(50) == 0 ? Operation.Never
                : o.Invoked + (long)(Math.Pow(10, random.NextDouble() * 4) * 100_000),
            Kind = random.Next(2) == 0 ? OperationKind.Read : OperationKind.Set,
        });
        var page = Draw(CampaignScene.Result(history));
        Assert.InRange(page.Length, 10_000, BytesMax);
    }

    [Fact]
    public void Summaries_of_several_targets_stand_beside_each_other()
    {
        var quick = CampaignScene.Summary("coord", CampaignScene.Result(
            [.. CampaignScene.Sets(100, 2), .. CampaignScene.Sets(100, 10).Where(o => o.Invoked > 3e9)],
            [CampaignScene.Kill(1.5, 2, 2.5)]));
        var slow = CampaignScene.Summary("zookeeper", CampaignScene.Result(
            [.. CampaignScene.Sets(100, 2), .. CampaignScene.Sets(100, 10).Where(o => o.Invoked > 7e9)],
            [CampaignScene.Kill(1.5, 2, 6.5)]));
        var path = Path.GetTempFileName();
        try
        {
            quick.Write(path);
            var tables = SummaryTables.Markdown([CampaignSummary.Read(path), slow]);
            Assert.Contains("| nemesis | fault | coord: times | median | worst | zookeeper: times | median | worst |",
                tables);
            Assert.Contains("| kill | kill-leader | 1 | 1,020 | 1,020 | 1 | 5,020 | 5,020 |", tables);
            Assert.Contains("## Workloads beside faults: zookeeper", tables);
            Assert.Contains("| register | 1 × 899, 0.0 %, 0 |", tables);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Draw(RunResult result) => RunPage.Draw(result, RunSummaries.OfSingle(result));

    /// <summary>The plots are well-formed, or this fails.</summary>
    private static List<XElement> Plots(string page) =>
        [.. page.Split("<svg ").Skip(1).Select(part => XElement.Parse("<svg " + part.Split("</svg>")[0] + "</svg>"))];
}
