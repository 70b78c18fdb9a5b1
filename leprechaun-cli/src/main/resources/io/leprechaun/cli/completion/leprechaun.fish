# Completion of leprechaun for fish: put it into ~/.config/fish/completions.
# The program itself tells what may follow: candidates, each with a tab and what it is, and ":files" where a file may.

function __leprechaun_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    for line in ($program __complete $words[2..-1] "$current" 2> /dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end

complete -c leprechaun -f -a '(__leprechaun_complete)'
