namespace FlashSale.Running;

/// <summary>A sale as a command: its folder, its exit code, and what stays behind.</summary>
internal static class SaleRun
{
    public static async Task<int> StartAsync(SaleOptions options, CancellationToken ct)
    {
        var folder = Path.GetFullPath(options.Folder ?? Directory.CreateTempSubdirectory("flash-sale-").FullName);
        var code = await RunAsync(options, folder, ct);
        if (code == ExitCodes.Passed && options.Folder is null)
            Directory.Delete(folder, recursive: true);
        else
            Console.WriteLine($"Journals and logs: {folder}");
        return code;
    }

    private static async Task<int> RunAsync(SaleOptions options, string folder, CancellationToken ct)
    {
        try
        {
            return await new Sale(options, folder).RunAsync(ct);
        }
        catch (SaleException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.SaleFailed;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return ExitCodes.SaleFailed;
        }
    }
}
