using System.CommandLine;
using System.Text.Json;
using Coord.JepsenLike.Reports;

namespace Coord.JepsenLike.Campaigns;

/// <summary>summary FILE…: the tables over several campaigns, targets beside each other.</summary>
internal static class SummaryCommand
{
    private static readonly Argument<string[]> Files = new("file")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "summary.json of a campaign.",
    };

    private static readonly Option<string?> Page = new("--html")
    {
        Description = "Writes the tables to this page too.",
    };

    public static Command Build()
    {
        var command = new Command("summary", "Prints the tables over several campaigns, as Markdown.") { Files, Page };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        try
        {
            var summaries = parsed.GetRequiredValue(Files).Select(CampaignSummary.Read).ToArray();
            Console.Write(SummaryTables.Markdown(summaries));
            if (parsed.GetValue(Page) is { } path)
                File.WriteAllText(path, CampaignPage.Draw(summaries));
            return 0;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"summary: {error.Message}");
            return CampaignCommand.WrongUse;
        }
    }
}
