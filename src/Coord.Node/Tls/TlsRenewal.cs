using Microsoft.Extensions.Logging;

namespace Coord.Node.Tls;

/// <summary>
/// Looks now and then whether certificates were renewed on disk. By reading, not by asking the system to be told: a
/// mounted volume or a secret of a container changes without its knowledge.
/// </summary>
internal sealed class TlsRenewal : IDisposable
{
    private readonly IReadOnlyList<TlsFiles> watched;
    private readonly TimeSpan interval;
    private readonly ILogger logger;
    private readonly Timer timer;

    public TlsRenewal(IReadOnlyList<TlsFiles> watched, TimeSpan interval, ILogger logger)
    {
        (this.watched, this.interval, this.logger) = (watched, interval, logger);
        timer = new Timer(_ => Look());
        Rest();
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        foreach (var files in watched)
        {
            if (files.TryRenew(out var problem))
                TlsLog.Renewed(logger, files.Section, files.Current.Own.NotAfter.ToUniversalTime());
            else if (problem is not null)
                TlsLog.NotRenewed(logger, files.Section, problem);
        }

        Rest();
    }

    // Set anew behind each look: two never overlap, however slow the disk is.
    private void Rest() => timer.Change(interval, Timeout.InfiniteTimeSpan);
}
