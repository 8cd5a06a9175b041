using System.Diagnostics;

namespace FlashSale.Running;

/// <summary>A seller in a process of its own, and what it reports on its standard output.</summary>
internal sealed class SellerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    private SellerProcess(int number, Process process, StreamWriter log)
    {
        Number = number;
        _process = process;
        _log = log;
    }

    public int Number { get; }

    public static SellerProcess Start(
        int number, string hosts, string folder, SaleOptions options, Action<int, SellerReport> onReport)
    {
        var start = SelfStart();
        string[] words =
        [
            "seller", "--hosts", hosts, "--number", $"{number}", "--journal",
            Path.Combine(folder, $"seller-{number}.journal"), "--pace", $"{options.Pace / options.Sellers}",
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        if (options.PlantDoubleSale && number == 1)
            start.ArgumentList.Add("--plant-double-sale");

        var log = new StreamWriter(Path.Combine(folder, $"seller-{number}.log")) { AutoFlush = true };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                onReport(number, SellerReport.Parse(line.Data));
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                log.WriteLine(line.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new SellerProcess(number, process, log);
    }

    /// <summary>The program itself: its own executable, or its assembly under <c>dotnet</c>.</summary>
    public static ProcessStartInfo SelfStart()
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(SellerProcess).Assembly.Location);
        return start;
    }

    public async Task<int> WaitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();   // Also drains what it still had to say.
        _process.Dispose();
        _log.Dispose();
    }
}
