using Coord.Node.Hosting;

namespace Coord.Node.Storage;

/// <summary>
/// The two threads of the log: one writes and flushes, one works behind it in throttled steps. They hold no logic; a
/// failure is handed on, and ends the process (raft-design A9, P3).
/// </summary>
internal sealed class LogThreads : IDisposable
{
    // Long enough to cost nothing while idle; arrivals end it at once.
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    // Between two steps in the background: leaves the disk to the log's own flushes most of the time.
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(2);

    private readonly LogWriter _writer;
    private readonly Action<Exception> _failed;
    private readonly Thread _writing;
    private readonly Thread _background;
    private readonly ThreadSignal _stopBackground = new();
    private volatile bool _isStopping;

    public LogThreads(LogWriter writer, Action<Exception> failed)
    {
        _writer = writer;
        _failed = failed;
        _writing = new Thread(() => Guarded(Write)) { Name = "coord log writer", IsBackground = true };
        _background = new Thread(() => Guarded(WorkBehind)) { Name = "coord log background", IsBackground = true };
    }

    public void Start()
    {
        _writing.Start();
        _background.Start();
    }

    /// <summary>Ends both threads; what is queued is written before.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _writer.Wake();
        _stopBackground.Set();
        _writing.Join();
        _background.Join();
    }

    private void Write()
    {
        while (true)
        {
            var isLast = _isStopping;
            if (_writer.RunOnce())
                continue;

            if (isLast)
                return;

            _writer.Wait(IdleWait);
        }
    }

    private void WorkBehind()
    {
        while (!_stopBackground.Wait(_writer.RunBackgroundStep() ? StepPause : IdleWait))
        {
            // Each round is one step.
        }
    }

    private void Guarded(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            _failed(e);
        }
    }
}
