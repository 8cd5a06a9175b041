using Coord.JepsenLike.Campaigns;

namespace Coord.JepsenLike.Tests;

/// <summary>A campaign as it is called, on real processes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class CampaignRunTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_campaign_over_a_pair_leaves_its_page_its_tables_and_figures_that_can_be_merged()
    {
        var folder = Directory.CreateTempSubdirectory("coord-campaign-").FullName;
        try
        {
            var status = await CampaignCommand.ExecuteAsync([
                "--minutes", "0.1", "--secs", "5", "--seed", "3", "--workload", "register,lock", "--nemesis", "kill",
                "--reports", folder]);
            Assert.Equal(0, status);
            var page = await File.ReadAllTextAsync(
                Path.Combine(folder, "run-001.html"), TestContext.Current.CancellationToken);
            Assert.Contains("class=\"fault\"", page);
            Assert.Contains("node 3: the last", page);

            var summary = CampaignSummary.Read(Path.Combine(folder, "summary.json"));
            Assert.Empty(summary.MissingPairs());
            Assert.Equal(0, summary.Anomalies);
            Assert.True(summary.Runs[0].Outages.Count > 0, "no fault was done");
            Assert.Equal(0, await CampaignCommand.ExecuteAsync([
                "summary", Path.Combine(folder, "summary.json"), "--html", Path.Combine(folder, "merged.html")]));
            Assert.True(File.Exists(Path.Combine(folder, "merged.html")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
