using System.Text;

namespace Coord.Node.Hosting;

/// <summary>
/// The lines of a process on their way out. Who logs goes on at once: a disk or a pipe that is slow, full or gone holds
/// up no thread of a node, and takes no memory beyond a limit. What does not fit or cannot be written is lost, counted,
/// and told with the next line that is written.
/// </summary>
internal sealed class LogOutput
{
    // A burst's memory is not kept.
    private const int CharactersKept = 64 * 1024;

    private readonly TextWriter output;
    private readonly int charactersMax;
    private readonly object gate = new();
    private StringBuilder waiting = new();
    private StringBuilder underWay = new();
    private long linesWaiting;
    private bool isWriting;
    private long lost;
    private long beingTold;
    private string lostBecause = "";

    /// <summary>Starts the thread that writes; it lives as long as the process.</summary>
    /// <param name="output">Where lines go; used by that thread alone.</param>
    /// <param name="charactersMax">What may wait; as much again may be under way.</param>
    public LogOutput(TextWriter output, int charactersMax)
    {
        (this.output, this.charactersMax) = (output, charactersMax);
        NodeThread.Start("log lines", Run);
    }

    /// <summary>Takes a line, or counts it as lost.</summary>
    public void Add(string line)
    {
        lock (gate)
        {
            if (waiting.Length + line.Length > charactersMax)
            {
                Lose(1, "they came faster than they could be written");
                return;
            }

            waiting.Append(line).Append('\n');
            linesWaiting++;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until all that was taken is written; false when that takes longer.</summary>
    public bool Drain(TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        lock (gate)
        {
            while (waiting.Length > 0 || isWriting)
            {
                var left = deadline - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(gate, TimeSpan.FromMilliseconds(left)))
                    return waiting.Length == 0 && !isWriting;
            }

            return true;
        }
    }

    private void Run()
    {
        while (true)
        {
            long lines;
            string? told;
            lock (gate)
            {
                while (waiting.Length == 0)
                    Monitor.Wait(gate);
                (waiting, underWay) = (underWay, waiting);
                (lines, linesWaiting) = (linesWaiting, 0);
                told = lost == 0 ? null : Told();
                isWriting = true;
            }

            var failure = TryWrite(told);
            lock (gate)
            {
                if (failure is not null)
                    Lose(lines, $"they could not be written ({failure})");
                else if (told is not null)
                    Forget();
                underWay = underWay.Capacity > CharactersKept ? new StringBuilder() : underWay.Clear();
                isWriting = false;
                Monitor.PulseAll(gate);
            }
        }
    }

    // A full disk and a closed pipe are nobody's fault here; there is nowhere to tell of them until they are over.
    private string? TryWrite(string? told)
    {
        try
        {
            if (told is not null)
                output.WriteLine(told);
            foreach (var part in underWay.GetChunks())
                output.Write(part.Span);
            output.Flush();
            return null;
        }
        catch (Exception failure)
        {
            // Not all that a closed or forbidden file answers with is an IOException.
            return failure.Message;
        }
    }

    private void Lose(long lines, string because)
    {
        lost += lines;
        lostBecause = because;
    }

    private string Told()
    {
        beingTold = lost;
        var told = FormattableString.Invariant($"{lost} lines of this log are lost, {lostBecause}");
        return FormattableString.Invariant($"{DateTime.UtcNow:HH:mm:ss.fff} Warning: {told}");
    }

    // What was lost while that was being told is told the next time.
    private void Forget() => lost -= beingTold;
}
