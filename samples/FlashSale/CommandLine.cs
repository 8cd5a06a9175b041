using System.CommandLine;
using FlashSale.Running;
using FlashSale.Selling;

namespace FlashSale;

/// <summary>
/// The sample's commands: without a name the whole sale; <c>seller</c> and <c>audit</c> are the processes it starts.
/// </summary>
internal static class CommandLine
{
    public static RootCommand Build()
    {
        var defaults = new SaleOptions();
        var units = Number("--units", "Units for sale.", defaults.Units);
        var sellers = Number("--sellers", "Processes that sell.", defaults.Sellers);
        var failovers = Number("--failovers", "Leaders killed at least.", defaults.FailoversMin);
        var killEvery = Number(
            "--kill-every", "Seconds from one kill to the next.", (int)defaults.KillEvery.TotalSeconds);
        var port = new Option<int?>("--port") { Description = "First client port of the cluster; else free ones." };
        var limit = Number("--time-limit", "Seconds until a sale has failed.", (int)defaults.TimeLimit.TotalSeconds);
        var launcher = new Option<string?>("--launcher")
        {
            Description = "Script that runs the cluster, with the verbs of deploy/local-cluster.sh.",
        };
        var folder = new Option<string?>("--folder")
        {
            Description = "Keeps cluster, journals and logs here. Otherwise they are removed when all went well.",
        };
        var plant = new Option<bool>("--plant-double-sale")
        {
            Description = "Sells one order number to two customers: the audit has to fail.",
        };

        var root = new RootCommand(
            "Sells from several processes on a three-node cluster while its leader is killed, then audits the books.")
        {
            units, sellers, failovers, killEvery, port, limit, launcher, folder, plant, Seller(), Audit(),
        };
        root.SetAction((result, ct) => SaleRun.StartAsync(
            new SaleOptions
            {
                Units = result.GetValue(units),
                Sellers = result.GetValue(sellers),
                FailoversMin = result.GetValue(failovers),
                KillEvery = TimeSpan.FromSeconds(result.GetValue(killEvery)),
                FirstPort = result.GetValue(port),
                TimeLimit = TimeSpan.FromSeconds(result.GetValue(limit)),
                Launcher = result.GetValue(launcher),
                Folder = result.GetValue(folder),
                PlantDoubleSale = result.GetValue(plant),
            },
            ct));
        return root;
    }

    private static Command Seller()
    {
        var hosts = Text("--hosts", "The cluster's client addresses.");
        var journal = Text("--journal", "File for acknowledged sales.");
        var number = new Option<int>("--number") { Description = "Which seller this is.", Required = true };
        var pace = new Option<double>("--pace") { Description = "Units a second at most.", Required = true };
        var plant = new Option<bool>("--plant-double-sale");
        var command = new Command("seller", "Sells until the shop closes.") { hosts, journal, number, pace, plant };
        command.SetAction(async (result, ct) =>
        {
            using var seller = new Seller(new SellerOptions(
                result.GetRequiredValue(hosts), result.GetValue(number), result.GetRequiredValue(journal),
                result.GetValue(pace), result.GetValue(plant)));
            await seller.RunAsync(ct);
            return ExitCodes.Passed;
        });
        return command;
    }

    private static Command Audit()
    {
        var hosts = Text("--hosts", "The cluster's client addresses.");
        var journals = Text("--journals", "Folder with the journals.");
        var units = Number("--units", "Units that were for sale.", SaleOptions.DefaultUnits);
        var sellers = Number("--sellers", "Processes that sold.", SaleOptions.DefaultSellers);
        var failovers = Number("--failovers", "Leaders killed at least.", new SaleOptions().FailoversMin);
        var command = new Command("audit", "Compares the cluster's tree with the sellers' journals.")
        {
            hosts, journals, units, sellers, failovers,
        };
        command.SetAction((result, ct) => Auditing.Audit.RunAsync(
            result.GetRequiredValue(hosts), result.GetRequiredValue(journals), result.GetValue(units),
            result.GetValue(sellers), result.GetValue(failovers), ct));
        return command;
    }

    private static Option<string> Text(string name, string description) =>
        new(name) { Description = description, Required = true };

    private static Option<int> Number(string name, string description, int byDefault)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} takes a number from 1.");
        });
        return option;
    }
}
