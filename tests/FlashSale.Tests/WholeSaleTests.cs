using System.Diagnostics;

namespace FlashSale.Tests;

/// <summary>
/// The sample as a newcomer runs it, smaller: real processes, a real cluster, its leader killed. What the README's
/// first command promises has to hold each time the tests run.
/// </summary>
public class WholeSaleTests
{
    [Fact]
    public async Task A_small_sale_passes_its_audit_through_two_failovers()
    {
        var (code, output) = await SellAsync();
        Assert.True(code == ExitCodes.Passed, output);
        Assert.Contains("sold exactly 1,200 units", output, StringComparison.Ordinal);
        Assert.Contains("Audit passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_sale_by_a_seller_fails_the_audit()
    {
        var (code, output) = await SellAsync("--plant-double-sale");
        Assert.True(code == ExitCodes.AuditFailed, output);
        Assert.Contains("was sold 2 times", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> SellAsync(params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("flash-sale-tests-");
        try
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            string[] words =
            [
                typeof(SaleOptions).Assembly.Location, "--units", "1200", "--sellers", "4", "--failovers", "2",
                "--kill-every", "3", "--time-limit", "120", "--folder", folder.FullName, .. options,
            ];
            foreach (var word in words)
                start.ArgumentList.Add(word);
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
