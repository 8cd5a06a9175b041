namespace FlashSale.Running;

/// <summary>
/// What the sale looks like at this moment, gathered from the sellers' reports and the drill's steps. The one object
/// that several threads of the driver share: every member takes its lock.
/// </summary>
internal sealed class SaleProgress(int units, int sellers, TimeProvider time)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _sold = new int[sellers];
    private readonly int[] _soldSinceFailover = new int[sellers];
    private readonly int[] _dryAtCall = new int[sellers];
    private readonly Queue<(TimeSpan At, int Units)> _recent = new();
    private readonly List<FailoverRecord> _failovers = [];
    private long _failoverAtMs;
    private TimeSpan? _lastSale;
    private TimeSpan _longestPause;
    private int _doubtfulUnits;
    private string _stage = "starting";
    private NodeRole[] _roles = [];

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void SetStage(string stage)
    {
        lock (_lock)
            _stage = stage;
    }

    public void SetRoles(NodeRole[] roles)
    {
        lock (_lock)
            _roles = roles;
    }

    public void Report(int seller, SellerReport report)
    {
        lock (_lock)
        {
            switch (report)
            {
                case SellerReport.Sold sold:
                    NoteSale(seller, sold);
                    break;
                case SellerReport.Dry dry:
                    _dryAtCall[seller - 1] = dry.Call;
                    break;
                case SellerReport.Doubt doubt:
                    _doubtfulUnits += doubt.Units;
                    break;
            }
        }
    }

    /// <param name="node">Its id.</param>
    /// <param name="atMs">As in the journal: sales written down before it belong to the interval before.</param>
    public void NoteFailover(int node, long atMs)
    {
        lock (_lock)
        {
            _failoverAtMs = atMs;
            _failovers.Add(new FailoverRecord(node, Elapsed, null));
            Array.Clear(_soldSinceFailover);
        }
    }

    public bool EverySellerSoldSinceFailover()
    {
        lock (_lock)
            return Array.TrueForAll(_soldSinceFailover, sold => sold > 0);
    }

    public bool EverySellerIsDryAt(int call)
    {
        lock (_lock)
            return Array.TrueForAll(_dryAtCall, at => at == call);
    }

    public SaleSnapshot Snapshot()
    {
        lock (_lock)
        {
            var now = Elapsed;
            while (_recent.TryPeek(out var oldest) && now - oldest.At > RateWindow)
                _recent.Dequeue();
            var window = Math.Min(RateWindow.TotalSeconds, Math.Max(0.5, now.TotalSeconds));
            var rate = _recent.Sum(r => r.Units) / window;
            return new SaleSnapshot(
                _stage, now, units, [.. _sold], [.. _soldSinceFailover], rate, [.. _roles], [.. _failovers],
                LongestPause(now), _doubtfulUnits);
        }
    }

    private void NoteSale(int seller, SellerReport.Sold sale)
    {
        var now = Elapsed;
        _longestPause = LongestPause(now);
        _lastSale = now;
        _sold[seller - 1] += sale.Units;
        _recent.Enqueue((now, sale.Units));
        if (sale.AtMs < _failoverAtMs)
            return;

        _soldSinceFailover[seller - 1] += sale.Units;
        if (_failovers.Count > 0 && _failovers[^1] is { FirstSaleAfter: null } last)
            _failovers[^1] = last with { FirstSaleAfter = now - last.At };
    }

    // A pause that is still going on counts, unless there is nothing left to sell.
    private TimeSpan LongestPause(TimeSpan now) =>
        _lastSale is { } last && _sold.Sum() < units && now - last > _longestPause ? now - last : _longestPause;
}
